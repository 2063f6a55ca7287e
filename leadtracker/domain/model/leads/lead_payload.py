"""What other programs are told of a lead: one shape for answers, exports and events."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from attrs import frozen

from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_query import NEVER, Cursor, Sort
from leadtracker.domain.model.timestamps import format_timestamp, parse_timestamp

LeadPayload = dict[str, Any]
LeadPayloadRow = tuple[Any, ...]
"""The values that ``payload_from_row`` takes, in its order: texts, numbers and None."""

_CHANGE_WITH_EVERYTHING = frozenset({"updated_at", "version"})


def lead_payload(lead: Lead) -> LeadPayload:
    """A lead in values that JSON knows. The URL of its resume is relative to the server's root."""
    resume = lead.resume
    return payload_from_row(
        (
            lead.id,
            lead.first_name,
            lead.last_name,
            lead.email.text,
            lead.phone,
            lead.message,
            lead.source,
            lead.state.value,
            resume and resume.filename,
            resume and resume.content_type,
            resume and resume.size,
            lead.duplicate_of,
            _timestamp(lead.follow_up_at),
            format_timestamp(lead.created_at),
            format_timestamp(lead.updated_at),
            lead.version,
        )
    )


def payload_from_row(row: LeadPayloadRow) -> LeadPayload:
    """The facts of a lead whose values are plain already, timestamps as ``format_timestamp`` writes them."""
    lead_id, first_name, last_name, email, phone, message, source, state = row[:8]
    filename, content_type, size, duplicate_of, follow_up_at, created_at, updated_at, version = row[8:]
    resume = None
    if filename is not None:
        url = f"/leads/{lead_id}/resume"
        resume = {"filename": filename, "content_type": content_type, "size": size, "url": url}
    return {
        "id": lead_id,
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "phone": phone,
        "message": message,
        "source": source,
        "state": state,
        "resume": resume,
        "duplicate_of": duplicate_of,
        "follow_up_at": follow_up_at,
        "created_at": created_at,
        "updated_at": updated_at,
        "version": version,
    }


@frozen
class LeadPayloadPage:
    """As ``LeadPage``, with the facts of each lead."""

    leads: tuple[LeadPayload, ...]
    next: Cursor | None

    @classmethod
    def cut(cls, leads: list[LeadPayload], limit: int, sort: Sort) -> "LeadPayloadPage":
        """Make a page of at most ``limit`` out of ``leads``, of which one more was asked for to know."""
        page = tuple(leads[:limit])
        return cls(page, _cursor_after(page[-1], sort) if len(leads) > limit else None)


def events_between(before: Lead, after: Lead) -> Iterator[tuple[DeliveryKind, LeadPayload]]:
    """What there is to tell of a change: that the state is another, that other facts are, or both.

    Every new version is told, also one whose facts are the same (a resume of the same name and size).
    """
    if after.version == before.version:
        return
    old, new = lead_payload(before), lead_payload(after)
    changes = {
        name: {"field": name, "from": old[name], "to": value}
        for name, value in new.items()
        if old[name] != value and name not in _CHANGE_WITH_EVERYTHING
    }
    state_change = changes.pop("state", None)
    if changes or not state_change:
        yield DeliveryKind.LEAD_UPDATED, {**new, "changes": list(changes.values())}
    if state_change:
        yield DeliveryKind.LEAD_STATE_CHANGED, {**new, "changes": [state_change]}


def _cursor_after(payload: LeadPayload, sort: Sort) -> Cursor:
    at = payload[sort.key]
    return Cursor(NEVER if at is None else parse_timestamp(at), payload["id"])


def _timestamp(timestamp: datetime | None) -> str | None:
    return None if timestamp is None else format_timestamp(timestamp)
