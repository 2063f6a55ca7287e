"""The tables, as models that are bound to no database: they describe the schema and build statements.

Instants are kept to the microsecond in UTC: TIMESTAMPTZ on PostgreSQL, text of fixed width on SQLite.
"""

import peewee

from leadtracker.adapters.database.tables.accounts import ApiKeyRow, PulseRow, SessionRow, UserRow
from leadtracker.adapters.database.tables.deliveries import (
    OutboxAttemptRow,
    OutboxRow,
    ReportAttemptRow,
    WeeklyReportRow,
)
from leadtracker.adapters.database.tables.fields import InstantField, WordsField
from leadtracker.adapters.database.tables.leads import (
    CaptureRow,
    FollowUpRow,
    LeadHistoryRow,
    LeadRow,
    LeadWordsRow,
    ResumeRow,
    SuspectRow,
)

__all__ = [
    "TABLES",
    "ApiKeyRow",
    "CaptureRow",
    "FollowUpRow",
    "InstantField",
    "LeadHistoryRow",
    "LeadRow",
    "LeadWordsRow",
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
]

TABLES: tuple[type[peewee.Model], ...] = (
    LeadRow,
    LeadWordsRow,
    LeadHistoryRow,
    FollowUpRow,
    ResumeRow,
    CaptureRow,
    SuspectRow,
    OutboxRow,
    OutboxAttemptRow,
    WeeklyReportRow,
    ReportAttemptRow,
    UserRow,
    SessionRow,
    ApiKeyRow,
    PulseRow,
)
