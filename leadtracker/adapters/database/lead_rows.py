"""Between a lead and its row."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from leadtracker.adapters.database.session import Row
from leadtracker.adapters.database.slots import slot
from leadtracker.adapters.database.tables import LeadRow
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.instant import format_instant
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.lead_query import NEVER
from leadtracker.domain.model.lifecycle import LeadState

COLUMNS = tuple(LeadRow._meta.sorted_fields)
SLOTS = {column: slot(column.column_name) for column in COLUMNS}
_MICROSECOND = timedelta(microseconds=1)


def to_values(lead: Lead) -> dict[str, object]:
    """The values of a lead's columns, by name."""
    waited = None if lead.contacted_at is None else lead.contacted_at - lead.created_at
    return {
        "id": lead.id,
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "email": lead.email.text,
        "email_key": lead.email.key,
        "phone": lead.phone,
        "message": lead.message,
        "source": lead.source,
        "state": lead.state,
        "created_at": lead.created_at,
        "updated_at": lead.updated_at,
        "version": lead.version,
        "duplicate_of": lead.duplicate_of,
        "follow_up_at": lead.follow_up_at or NEVER,
        "contact_delay": None if waited is None else waited // _MICROSECOND,
    }


def to_lead(row: Row, decode: Callable[[Any], datetime]) -> Lead:
    """The lead whose columns were read; ``decode`` makes an instant of a stored one."""
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
    )


def to_json(lead: Lead) -> str:
    """A lead as text that ``from_json`` understands."""
    values = to_values(lead)
    shown = {
        name: format_instant(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    return json.dumps(shown, ensure_ascii=False)


def from_json(text: str) -> Lead:
    """The lead that ``to_json`` wrote."""
    values = json.loads(text)
    return to_lead(tuple(values[column.column_name] for column in COLUMNS), datetime.fromisoformat)
