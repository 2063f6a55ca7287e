"""The labels of lead fields on pages."""

from types import MappingProxyType

from leadtracker.domain.model.leads.fields import LEAD_FIELDS

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
