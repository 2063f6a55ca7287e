"""The values of the bind parameters of a list's statements."""

from datetime import UTC, datetime

from leadtracker.adapters.database.repositories.leads.pages.search.full_text import FullText
from leadtracker.domain.model.leads.fields import LAST_TOUCH
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import LeadFilter
from leadtracker.domain.model.values.paging import Cursor

_EARLIEST = datetime.min.replace(tzinfo=UTC)


def parameter_values(
    lead_filter: LeadFilter, after: Cursor | None, limit: int, full_text: FullText
) -> dict[str, object]:
    """Return the values of all parameters that a statement for the filter may have, by name."""
    values: dict[str, object] = {
        "created_from": lead_filter.created_from,
        "created_to": lead_filter.created_to,
        "updated_from": lead_filter.updated_from,
        "updated_to": lead_filter.updated_to,
        "email_key": lead_filter.email_key,
        "source": lead_filter.source,
        **lead_filter.touch,
        **{f"{LAST_TOUCH}{name}": text for name, text in lead_filter.last_touch.items()},
        "owner": lead_filter.owner,
        "duplicate_of": lead_filter.duplicate_of,
        "follow_up_from": lead_filter.follow_up and lead_filter.follow_up.start,
        "follow_up_to": lead_filter.follow_up and lead_filter.follow_up.end,
        "after_time": after and after.at,
        "after_id": after and after.id,
        "limit": limit,
        "earliest": _EARLIEST,
    }
    states = lead_filter.states or frozenset(LeadState)  # all of them, for a page that merges those of each
    values |= {f"state_{index}": state for index, state in enumerate(sorted(states))}
    if lead_filter.search is not None:
        values |= full_text.search_values(lead_filter.search, lead_filter, after)
    return values
