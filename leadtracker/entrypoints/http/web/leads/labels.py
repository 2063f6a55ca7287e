"""What the pages call the parts of a lead, and whoever did something to it."""

from types import MappingProxyType

from flask import Blueprint

from leadtracker.entrypoints.formats.labels import label, state_label

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
        "created_at": "Received",
        "updated_at": "Updated",
    }
)
_ACTOR_KINDS = {"user": "", "api-key": " (API key)"}


def actor_label(actor: str) -> str:
    """Whoever did something, as the staff call them."""
    kind, colon, name = actor.partition(":")
    return name + _ACTOR_KINDS[kind] if colon and kind in _ACTOR_KINDS else actor


def install_labels(blueprint: Blueprint) -> None:
    """Register the template filters ``label``, ``state_label`` and ``actor_label``."""
    blueprint.add_app_template_filter(label, "label")
    blueprint.add_app_template_filter(state_label, "state_label")
    blueprint.add_app_template_filter(actor_label, "actor_label")
