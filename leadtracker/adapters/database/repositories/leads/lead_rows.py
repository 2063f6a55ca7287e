"""The conversion between a lead and its row, its JSON or its search terms."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import orjson

from leadtracker.adapters.database.engine.statement_names import Row, row_type
from leadtracker.adapters.database.repositories.leads.lead_statements import COLUMNS
from leadtracker.adapters.database.tables.leads import RANK_IDS_PER_SECOND
from leadtracker.domain.model.leads.fields import LEAD_FIELDS, FieldKind, touch_from_text
from leadtracker.domain.model.leads.inputs.answers import load_answers
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_file import FileMetadata, attachments_from_json, attachments_to_json
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import NEVER
from leadtracker.domain.model.leads.queries.search import search_terms
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.timestamps import format_timestamp

_EPOCH, _SECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)
_TEXT_FIELDS = tuple(field.name for field in LEAD_FIELDS if field.kind is not FieldKind.EMAIL)
_texts = attrgetter(*_TEXT_FIELDS)
_SAME = (
    *_TEXT_FIELDS,
    *("id", "language", "state", "owner", "created_at", "updated_at", "version", "duplicate_of"),
    *("enquiries", "import_id", "hold"),
)
"""The attributes of a lead that are stored as they are."""
_same = attrgetter(*_SAME)
_COLUMNS = (*(column.column_name for column in COLUMNS), "last_touch")
_to_row = row_type(_COLUMNS)


def to_values(lead: Lead) -> dict[str, object]:
    """The values of a lead's columns, by name."""
    resume, email = lead.resume, lead.email
    delay = None if lead.contacted_at is None else lead.contacted_at - lead.created_at
    return dict(zip(_SAME, _same(lead), strict=True)) | {
        "email": email and email.text,
        "identity": lead.identity,
        "answers": orjson.dumps(lead.answers, dict).decode() if lead.answers else None,
        "enquiries_not_stored": lead.enquiries_quarantined,
        "follow_up_at": lead.follow_up_at or NEVER,
        "contact_delay": None if delay is None else delay // _MICROSECOND,
        "resume_filename": resume and resume.filename,
        "resume_content_type": resume and resume.content_type,
        "resume_size": resume and resume.size,
        "resume_sha256": resume and resume.sha256,
        "attachments": attachments_to_json(lead.attachments) if lead.attachments else None,
    }


def to_lead(row: Row, decode: Callable[[Any], datetime]) -> Lead:
    """The lead of a row with all columns, ``last_touch`` if known; ``decode`` converts a stored timestamp."""
    created_at, follow_up_at = decode(row.created_at), decode(row.follow_up_at)
    return Lead(
        id=row.id,
        **dict(zip(_TEXT_FIELDS, _texts(row), strict=True)),
        email=None if row.email is None else EmailAddress(row.email, row.identity),
        language=row.language,
        answers=load_answers(row.answers),
        state=LeadState(row.state),
        owner=row.owner,
        created_at=created_at,
        updated_at=decode(row.updated_at),
        version=row.version,
        duplicate_of=row.duplicate_of,
        enquiries=row.enquiries,
        enquiries_quarantined=row.enquiries_not_stored or 0,
        last_touch=touch_from_text(getattr(row, "last_touch", None)),
        follow_up_at=None if follow_up_at == NEVER else follow_up_at,
        contacted_at=None if row.contact_delay is None else created_at + row.contact_delay * _MICROSECOND,
        resume=None if row.resume_filename is None else _to_resume(row),
        attachments=attachments_from_json(row.attachments),
        import_id=row.import_id,
        hold=row.hold,
    )


def to_json(lead: Lead) -> str:
    """A lead as JSON for ``from_json``."""
    values = {
        name: format_timestamp(value) if isinstance(value, datetime) else value
        for name, value in to_values(lead).items()
    }
    return json.dumps(values, ensure_ascii=False)


def from_json(text: str) -> Lead:
    """The lead that ``to_json`` wrote, also an older version that knew fewer columns."""
    values = json.loads(text)
    return to_lead(_to_row(values.get(name) for name in _COLUMNS), datetime.fromisoformat)


def to_search_values(lead: Lead) -> dict[str, object]:
    """The values for the statements that store a lead's search terms."""
    first = first_rank_id(lead.created_at)
    return {
        "lead_id": lead.id,
        "search_document": " ".join(search_terms(lead)),
        "first_rank_id": first,
        "last_rank_id": first + RANK_IDS_PER_SECOND - 1,
    }


def first_rank_id(timestamp: datetime) -> int:
    """The smallest ``rank_id`` of leads that were created within the second of a timestamp."""
    return (timestamp - _EPOCH) // _SECOND * RANK_IDS_PER_SECOND  # exact in every year, unlike timestamp()


def _to_resume(row: Row) -> FileMetadata:
    return FileMetadata(
        filename=row.resume_filename,
        content_type=row.resume_content_type,
        size=row.resume_size,
        sha256=row.resume_sha256,
    )
