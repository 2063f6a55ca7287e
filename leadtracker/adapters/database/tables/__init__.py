"""The tables, as models that are bound to no database: they describe the schema and build statements.

Instants are kept to the microsecond in UTC: TIMESTAMPTZ on PostgreSQL, text of fixed width on SQLite.
"""

import peewee

from leadtracker.adapters.database.tables.accounts import ApiKeyRow, PulseRow, SessionRow, UserRow
from leadtracker.adapters.database.tables.deliveries import (
    DigestDayRow,
    DisabledEndpointRow,
    OutboxAttemptRow,
    OutboxRow,
    ReportAttemptRow,
    WeeklyReportRow,
    is_of,
)
from leadtracker.adapters.database.tables.fields import InstantField, WordsField
from leadtracker.adapters.database.tables.leads import (
    CaptureRow,
    FollowUpRow,
    LeadHistoryRow,
    LeadRow,
    LeadWordsRow,
    LooseObjectRow,
    ResumeRow,
    SuspectRow,
)

__all__ = [
    "TABLES",
    "ApiKeyRow",
    "CaptureRow",
    "DigestDayRow",
    "DisabledEndpointRow",
    "FollowUpRow",
    "InstantField",
    "LeadHistoryRow",
    "LeadRow",
    "LeadWordsRow",
    "LooseObjectRow",
    "OutboxAttemptRow",
    "OutboxRow",
    "PulseRow",
    "ReportAttemptRow",
    "ResumeRow",
    "SessionRow",
    "SuspectRow",
    "UserRow",
    "WeeklyReportRow",
    "WordsField",
    "is_of",
]

TABLES: tuple[type[peewee.Model], ...] = (
    LeadRow,
    LeadWordsRow,
    LeadHistoryRow,
    FollowUpRow,
    ResumeRow,
    LooseObjectRow,
    CaptureRow,
    SuspectRow,
    OutboxRow,
    OutboxAttemptRow,
    DigestDayRow,
    DisabledEndpointRow,
    WeeklyReportRow,
    ReportAttemptRow,
    UserRow,
    SessionRow,
    ApiKeyRow,
    PulseRow,
)
