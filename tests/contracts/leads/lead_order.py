"""Which leads meet a filter and in which order they are listed, computed without a database."""

from datetime import UTC, datetime

from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import WITHOUT_FOLLOW_UP, Duplicates, LeadFilter, Sort
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import TimeRange


def due_within(lead: Lead, time_range: TimeRange) -> bool:
    """Return whether a lead's follow-up is due within the range."""
    if time_range == WITHOUT_FOLLOW_UP:
        return lead.follow_up_at is None
    due = lead.follow_up_at
    return (
        due is not None
        and (not time_range.start or time_range.start <= due)
        and (not time_range.end or due < time_range.end)
    )


def meets(lead: Lead, lead_filter: LeadFilter) -> bool:
    """Return whether a lead meets a filter, computed as simply as possible."""
    is_duplicate, is_waiting = lead.duplicate_of is not None, lead.state is LeadState.PENDING
    last_touch = lead.last_touch or lead.touch
    listed = {
        Duplicates.INCLUDE: True,
        Duplicates.EXCLUDE: not is_duplicate,
        Duplicates.OPEN: not is_duplicate or is_waiting,
        Duplicates.ONLY: is_duplicate,
    }
    return all(
        [
            lead_filter.created_from is None or lead.created_at >= lead_filter.created_from,
            lead_filter.created_to is None or lead.created_at < lead_filter.created_to,
            lead_filter.updated_from is None or lead.updated_at >= lead_filter.updated_from,
            lead_filter.updated_to is None or lead.updated_at < lead_filter.updated_to,
            not lead_filter.states or lead.state in lead_filter.states,
            lead_filter.email_key is None or lead.identity == lead_filter.email_key,
            lead_filter.source is None or lead.source == lead_filter.source,
            all(lead.texts[name] == text for name, text in lead_filter.touch.items()),
            all(last_touch[name] == text for name, text in lead_filter.last_touch.items()),
            not (is_duplicate and lead_filter.last_touch),
            lead_filter.owner is None or lead.owner == lead_filter.owner,
            lead.owner is None or not lead_filter.is_unowned,
            lead_filter.duplicate_of is None or lead.duplicate_of == lead_filter.duplicate_of,
            lead_filter.follow_up is None or due_within(lead, lead_filter.follow_up),
            is_waiting or not lead_filter.is_waiting,
            listed[lead_filter.duplicates],
        ]
    )


def position(lead: Lead, sort: Sort) -> tuple[datetime, str]:
    """Return the sort key of a lead."""
    times = {
        Sort.CREATED_AT: lead.created_at,
        Sort.LATEST_CREATED: lead.created_at,
        Sort.UPDATED_AT: lead.updated_at,
        Sort.LATEST_UPDATED: lead.updated_at,
        Sort.FOLLOW_UP_AT: lead.follow_up_at or datetime.max.replace(tzinfo=UTC),
    }
    return times[sort], lead.id


def in_order(leads: list[Lead], sort: Sort) -> list[Lead]:
    """Return the leads in the order of a listing."""
    return sorted(leads, key=lambda lead: position(lead, sort), reverse=sort.startswith("-"))


def is_behind(lead: Lead, after: Cursor | None, sort: Sort) -> bool:
    """Return whether a lead comes after a cursor."""
    if after is None:
        return True
    here, there = position(lead, sort), (after.at, after.id)
    return here < there if sort.startswith("-") else here > there
