"""Lead payloads: the JSON-ready form of a lead that the API, exports and webhooks share."""

from collections.abc import Sequence
from typing import Any

from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, touch_from_text
from leadtracker.domain.model.leads.inputs.answers import load_answers
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_file import Attachment, attachments_from_json
from leadtracker.domain.model.leads.queries.lead_query import NEVER, Sort
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import format_timestamp, parse_timestamp

LeadPayload = dict[str, Any]
LeadPayloadRow = Sequence[Any]
"""The values of ``PAYLOAD_COLUMNS``, in that order: texts, integers and None."""

_PROPERTIES = (
    "id",
    *FIELDS_BY_NAME,
    "answers",
    "language",
    "state",
    "owner",
    "resume",
    "attachments",
    "duplicate_of",
    "enquiries",
    "last_touch",
    "follow_up_at",
    "hold",
    "created_at",
    "updated_at",
    "version",
)
PAYLOAD_COLUMNS = (
    *("resume_filename" if name == "resume" else name for name in _PROPERTIES),
    "resume_content_type",
    "resume_size",
)
"""The columns of a row from which a payload is made; timestamps as ``format_timestamp`` writes them,
the last touch as ``touch_from_text`` reads it."""


# The domain makes these URLs: an event is stored with its payload in the transaction of its cause, where no
# entrypoint can add them. Tests of uploads request them from the server.
def _resume_url(lead_id: str) -> str:
    return f"/leads/{lead_id}/resume"


def _attachment_url(lead_id: str, attachment_id: str) -> str:
    return f"/leads/{lead_id}/attachments/{attachment_id}"


def lead_payload(lead: Lead) -> LeadPayload:
    """Return the JSON-ready form of a lead; the URLs of its files are relative to the server's root."""
    resume = lead.resume
    return {
        "id": lead.id,
        **lead.texts,
        "answers": dict(lead.answers),
        "language": lead.language,
        "state": lead.state.value,
        "owner": lead.owner,
        "resume": resume and _resume(lead.id, resume.filename, resume.content_type, resume.size),
        "attachments": [_attachment(one, lead.id) for one in lead.attachments],
        "duplicate_of": lead.duplicate_of,
        "enquiries": lead.enquiries,
        "last_touch": lead.last_touch and dict(lead.last_touch),
        "follow_up_at": lead.follow_up_at and format_timestamp(lead.follow_up_at),
        "hold": lead.hold,
        "created_at": format_timestamp(lead.created_at),
        "updated_at": format_timestamp(lead.updated_at),
        "version": lead.version,
    }


def payload_from_row(row: LeadPayloadRow) -> LeadPayload:
    """Return the payload of a lead from a row of ``PAYLOAD_COLUMNS``."""
    *values, content_type, size = row
    payload = dict(zip(_PROPERTIES, values, strict=True))
    payload["answers"] = load_answers(payload["answers"])
    payload["last_touch"] = touch_from_text(payload["last_touch"])
    filename = payload["resume"]
    if filename is not None:
        payload["resume"] = _resume(payload["id"], filename, content_type, size)
    payload["attachments"] = [
        _attachment(one, payload["id"]) for one in attachments_from_json(payload["attachments"])
    ]
    return payload


def _resume(lead_id: str, filename: str, content_type: str, size: int) -> LeadPayload:
    return {
        "filename": filename,
        "content_type": content_type,
        "size": size,
        "url": _resume_url(lead_id),
    }


def _attachment(attachment: Attachment, lead_id: str) -> LeadPayload:
    metadata = attachment.metadata
    return {
        "id": attachment.id,
        "filename": metadata.filename,
        "content_type": metadata.content_type,
        "size": metadata.size,
        "url": _attachment_url(lead_id, attachment.id),
    }


def cursor_after(payload: LeadPayload, sort: Sort) -> Cursor:
    """Return the position after a lead in a list in the order ``sort``."""
    at = payload[sort.key]
    return Cursor(NEVER if at is None else parse_timestamp(at), payload["id"])
