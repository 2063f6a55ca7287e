"""Lead payloads: the JSON-ready form of a lead that the API, exports and webhooks share."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_query import NEVER, Cursor, Sort
from leadtracker.domain.model.timestamps import format_timestamp, parse_timestamp

LeadPayload = dict[str, Any]
LeadPayloadRow = Sequence[Any]
"""The values of ``PAYLOAD_COLUMNS``, in that order: texts, integers and None."""

_RESUME_COLUMNS = ("resume_filename", "resume_content_type", "resume_size")
PAYLOAD_COLUMNS = (
    "id",
    *FIELDS_BY_NAME,
    "state",
    *_RESUME_COLUMNS,
    "duplicate_of",
    "follow_up_at",
    "created_at",
    "updated_at",
    "version",
)
"""The columns of a row from which a payload is made; timestamps as ``format_timestamp`` writes them."""

_PROPERTIES = (
    "id",
    *FIELDS_BY_NAME,
    "state",
    "resume",
    "duplicate_of",
    "follow_up_at",
    "created_at",
    "updated_at",
    "version",
)

_CHANGED_ALWAYS = frozenset({"updated_at", "version"})


def lead_payload(lead: Lead) -> LeadPayload:
    """Return the JSON-ready form of a lead; the URL of its resume is relative to the server's root."""
    resume = lead.resume
    return payload_from_row(
        (
            lead.id,
            *lead.texts.values(),
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
    """Return the payload of a lead from a row of ``PAYLOAD_COLUMNS``."""
    values = dict(zip(PAYLOAD_COLUMNS, row, strict=True))
    filename, content_type, size = (values[name] for name in _RESUME_COLUMNS)
    values["resume"] = filename and {
        "filename": filename,
        "content_type": content_type,
        "size": size,
        "url": f"/leads/{values['id']}/resume",
    }
    return {name: values[name] for name in _PROPERTIES}


@frozen
class LeadPayloadPage:
    """Like ``LeadPage``, with payloads."""

    leads: tuple[LeadPayload, ...]
    next: Cursor | None

    @classmethod
    def cut(cls, leads: list[LeadPayload], limit: int, sort: Sort) -> "LeadPayloadPage":
        """Return a page of the first ``limit``; one more in ``leads`` means that there is a next page."""
        page = tuple(leads[:limit])
        return cls(page, _cursor_after(page[-1], sort) if len(leads) > limit else None)


def events_between(before: Lead, after: Lead) -> Iterator[tuple[DeliveryKind, LeadPayload]]:
    """Yield the webhook events for a change: of the state, of other properties, or both.

    Every new version causes an event, also one with an equal payload (a resume of the same name and size).
    """
    if after.version == before.version:
        return
    old, new = lead_payload(before), lead_payload(after)
    changes = {
        name: {"field": name, "from": old[name], "to": value}
        for name, value in new.items()
        if old[name] != value and name not in _CHANGED_ALWAYS
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
