"""What the pages call the parts of a lead, and whoever did something to it."""

from types import MappingProxyType

from flask import Blueprint

FIELD_LABELS = MappingProxyType(
    {
        "first_name": "First name",
        "last_name": "Last name",
        "email": "E-mail",
        "phone": "Phone",
        "message": "Message",
        "source": "Source",
        "state": "State",
        "resume": "Resume",
        "duplicate_of": "Duplicate of",
        "follow_up_at": "Next follow-up",
        "created_at": "Came in",
        "updated_at": "Changed",
    }
)
_ACTOR_KINDS = {"user": "", "api-key": " (API key)"}


def state_label(state: str) -> str:
    """A state as people say it."""
    return state.replace("_", " ").capitalize()


def actor_label(actor: str) -> str:
    """Whoever did something, as the staff call them."""
    kind, colon, name = actor.partition(":")
    return name + _ACTOR_KINDS[kind] if colon and kind in _ACTOR_KINDS else actor


def install_labels(blueprint: Blueprint) -> None:
    """Give all templates the filters ``state_label`` and ``actor_label``."""
    blueprint.add_app_template_filter(state_label, "state_label")
    blueprint.add_app_template_filter(actor_label, "actor_label")
