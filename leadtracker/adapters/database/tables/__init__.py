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
from leadtracker.adapters.database.tables.fields import SearchDocumentField, TimestampField
from leadtracker.adapters.database.tables.leads import (
    FollowUpRow,
    IdempotencyKeyRow,
    LeadHistoryRow,
    LeadRow,
    LeadSearchRow,
    OrphanObjectRow,
    ResumeRow,
    SuspectRow,
)

__all__ = [
    "TABLES",
    "ApiKeyRow",
    "DigestDayRow",
    "DisabledEndpointRow",
    "FollowUpRow",
    "IdempotencyKeyRow",
    "LeadHistoryRow",
    "LeadRow",
    "LeadSearchRow",
    "OrphanObjectRow",
    "OutboxAttemptRow",
    "OutboxRow",
    "PulseRow",
    "ReportAttemptRow",
    "ResumeRow",
    "SearchDocumentField",
    "SessionRow",
    "SuspectRow",
    "TimestampField",
    "UserRow",
    "WeeklyReportRow",
    "is_of",
]

TABLES: tuple[type[peewee.Model], ...] = (
    LeadRow,
    LeadSearchRow,
    LeadHistoryRow,
    FollowUpRow,
    ResumeRow,
    OrphanObjectRow,
    IdempotencyKeyRow,
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
