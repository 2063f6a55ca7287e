"""The tables, as models that are bound to no database: they describe the schema and build statements.

Instants are kept to the microsecond in UTC: TIMESTAMPTZ on PostgreSQL, text of fixed width on SQLite.
"""

import peewee

from leadtracker.adapters.database.tables.accounts import ApiKeyRow, PulseRow, UserRow
from leadtracker.adapters.database.tables.deliveries import (
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
    ResumeRow,
)

__all__ = [
    "TABLES",
    "ApiKeyRow",
    "CaptureRow",
    "DisabledEndpointRow",
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
    CaptureRow,
    OutboxRow,
    OutboxAttemptRow,
    DisabledEndpointRow,
    WeeklyReportRow,
    ReportAttemptRow,
    UserRow,
    ApiKeyRow,
    PulseRow,
)
