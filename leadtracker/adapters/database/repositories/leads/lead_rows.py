"""Between a lead and its row."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import peewee

from leadtracker.adapters.database.engine.parameters import param
from leadtracker.adapters.database.engine.statements import Row
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.intake.resume import Resume
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import PAYLOAD_COLUMNS
from leadtracker.domain.model.leads.lead_query import NEVER
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.timestamps import format_timestamp

COLUMNS = tuple(LeadRow._meta.sorted_fields)
PARAMETERS = {column: param(column.column_name) for column in COLUMNS}
TimestampAsText = Callable[[peewee.Field], peewee.Node]

_MICROSECOND = timedelta(microseconds=1)
_SHOWN_NEVER = peewee.Value(format_timestamp(NEVER), converter=False)


def to_values(lead: Lead) -> dict[str, object]:
    """The values of a lead's columns, by name."""
    resume = lead.resume
    waited = None if lead.contacted_at is None else lead.contacted_at - lead.created_at
    return {
        "id": lead.id,
        **lead.texts,
        "email_key": lead.email.key,
        "state": lead.state,
        "created_at": lead.created_at,
        "updated_at": lead.updated_at,
        "version": lead.version,
        "duplicate_of": lead.duplicate_of,
        "follow_up_at": lead.follow_up_at or NEVER,
        "contact_delay": None if waited is None else waited // _MICROSECOND,
        "resume_filename": resume and resume.filename,
        "resume_content_type": resume and resume.content_type,
        "resume_size": resume and resume.size,
        "resume_sha256": resume and resume.sha256,
    }


def to_lead(row: Row, decode: Callable[[Any], datetime]) -> Lead:
    """The lead whose columns were read; ``decode`` makes a timestamp of a stored one."""
    created_at, updated_at, follow_up_at = decode(row[9]), decode(row[10]), decode(row[13])
    return Lead(
        id=row[0],
        first_name=row[1],
        last_name=row[2],
        email=EmailAddress(row[3], row[4]),
        phone=row[5],
        message=row[6],
        source=row[7],
        state=LeadState(row[8]),
        created_at=created_at,
        updated_at=updated_at,
        version=row[11],
        duplicate_of=row[12],
        follow_up_at=None if follow_up_at == NEVER else follow_up_at,
        contacted_at=None if row[14] is None else created_at + row[14] * _MICROSECOND,
        resume=None if row[15] is None else _to_resume(*row[15:]),
    )


def fact_columns(show: TimestampAsText) -> tuple[peewee.Node, ...]:
    """The columns that ``payload_from_row`` takes; ``show`` formats a timestamp as text."""
    shown = {
        "follow_up_at": peewee.fn.NULLIF(show(LeadRow.follow_up_at), _SHOWN_NEVER),
        "created_at": show(LeadRow.created_at),
        "updated_at": show(LeadRow.updated_at),
    }
    return tuple(shown.get(name, getattr(LeadRow, name)) for name in PAYLOAD_COLUMNS)


def to_json(lead: Lead) -> str:
    """A lead as text that ``from_json`` understands."""
    values = to_values(lead)
    shown = {
        name: format_timestamp(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    return json.dumps(shown, ensure_ascii=False)


def from_json(text: str) -> Lead:
    """The lead that ``to_json`` wrote."""
    values = json.loads(text)  # an older version wrote fewer of them
    return to_lead(tuple(values.get(column.column_name) for column in COLUMNS), datetime.fromisoformat)


def _to_resume(filename: str, content_type: str, size: int, sha256: str) -> Resume:
    return Resume(filename=filename, content_type=content_type, size=size, sha256=sha256)
