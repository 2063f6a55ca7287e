"""Labels of lead fields and actors, and the filters that make labels available to templates."""

from types import MappingProxyType

from flask import Blueprint

from leadtracker.domain.model.leads.fields import LEAD_FIELDS
from leadtracker.entrypoints.formats.labels import label, state_label

FIELD_LABELS = MappingProxyType(
    {
        **{field.name: field.label for field in LEAD_FIELDS},
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
    """Return the name of an actor as pages show it: ``user:ann`` as ``ann``."""
    kind, colon, name = actor.partition(":")
    return name + _ACTOR_KINDS[kind] if colon and kind in _ACTOR_KINDS else actor


def install_labels(blueprint: Blueprint) -> None:
    """Register the template filters ``label``, ``state_label`` and ``actor_label``."""
    blueprint.add_app_template_filter(label, "label")
    blueprint.add_app_template_filter(state_label, "state_label")
    blueprint.add_app_template_filter(actor_label, "actor_label")
