"""The comparison of a stored lead with the lead of the model."""

from collections.abc import Callable

from leadtracker.domain.model.leads.lead import Lead
from tests.support.models.lead_model import ModelLead, Rejected


def expected_error(expected: Callable[[], object]) -> str | None:
    try:
        expected()
    except Rejected as raised:
        return str(raised)
    return None


def has_words(lead: ModelLead, query: str) -> bool:
    words = f"ann lee {lead.email} {lead.message}".lower().replace("é", "e").replace(",", " ")
    known = words.replace("@", " ").replace(".", " ").split()
    requested = query.lower().replace("!", " ").split()
    return bool(requested) and all(any(word.startswith(one) for word in known) for one in requested)


def stored_fields(lead: Lead) -> tuple[object, ...]:
    return (
        lead.texts["email"],
        lead.message,
        lead.state.value,
        lead.duplicate_of,
        lead.follow_up_at,
        lead.contacted_at,
        lead.created_at,
        lead.version,
    )


def expected_fields(lead: ModelLead) -> tuple[object, ...]:
    return (
        lead.email,
        lead.message,
        lead.state,
        lead.primary,
        lead.follow_up_at,
        lead.contacted_at,
        lead.created_at,
        lead.version,
    )
