"""What the pages call the parts of a lead, and whoever did something to it."""

from types import MappingProxyType

from flask import Blueprint

FIELDS = MappingProxyType(
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
_KINDS = {"user": "", "api-key": " (API key)"}


def state_name(state: str) -> str:
    """A state as people say it."""
    return state.replace("_", " ").capitalize()


def who(actor: str) -> str:
    """Whoever did something, as the staff call them."""
    kind, colon, name = actor.partition(":")
    return name + _KINDS[kind] if colon and kind in _KINDS else actor


def install_words(blueprint: Blueprint) -> None:
    """Give all templates the filters ``state_name`` and ``who``."""
    blueprint.add_app_template_filter(state_name, "state_name")
    blueprint.add_app_template_filter(who, "who")
