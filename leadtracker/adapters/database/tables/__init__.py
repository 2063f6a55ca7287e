"""The tables, as Peewee models that are bound to no database: they describe the schema and build statements.

Timestamps have microseconds and are in UTC: TIMESTAMPTZ on PostgreSQL, text of fixed width on SQLite.
Every index names, in a comment, the query that needs it and the test that shows that the query uses it.
"""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import SearchDocumentField, TimestampField
from leadtracker.adapters.database.tables.accounts import (
    AccountLinkRow,
    ApiKeyRow,
    AuditCounterRow,
    AuditEntryRow,
    ExternalIdentityRow,
    HeartbeatRow,
    RecoveryCodeRow,
    SecondFactorRow,
    SessionRow,
    UserRow,
)
from leadtracker.adapters.database.tables.deliveries import (
    DeliveryAttemptRow,
    DeliveryRow,
    DigestDayRow,
    DisabledEndpointRow,
    ErasedLeadRow,
    MailBudgetRow,
    ReportAttemptRow,
    SealedLeadRow,
    WeeklyReportRow,
    is_of,
)
from leadtracker.adapters.database.tables.files import LeadFileRow, OrphanObjectRow
from leadtracker.adapters.database.tables.follow_ups import FollowUpRow
from leadtracker.adapters.database.tables.imports import ImportFileRow, LeadImportRow
from leadtracker.adapters.database.tables.intake import (
    CanaryRunRow,
    ConsentRow,
    ConsentTextRow,
    IdempotencyKeyRow,
    QuarantinedLeadRow,
    RejectedSubmissionRow,
)
from leadtracker.adapters.database.tables.lead_indexes import LEAD_INDEXES
from leadtracker.adapters.database.tables.leads import LeadHistoryRow, LeadRow, LeadSearchRow
from leadtracker.adapters.database.tables.rollups import LeadChangeRow, LeadRollupRow

__all__ = [
    "TABLES",
    "AccountLinkRow",
    "ApiKeyRow",
    "AuditCounterRow",
    "AuditEntryRow",
    "CanaryRunRow",
    "ConsentRow",
    "ConsentTextRow",
    "DeliveryAttemptRow",
    "DeliveryRow",
    "DigestDayRow",
    "DisabledEndpointRow",
    "ErasedLeadRow",
    "ExternalIdentityRow",
    "FollowUpRow",
    "HeartbeatRow",
    "IdempotencyKeyRow",
    "ImportFileRow",
    "LeadChangeRow",
    "LeadFileRow",
    "LeadHistoryRow",
    "LeadImportRow",
    "LeadRollupRow",
    "LeadRow",
    "LeadSearchRow",
    "MailBudgetRow",
    "OrphanObjectRow",
    "QuarantinedLeadRow",
    "RecoveryCodeRow",
    "RejectedSubmissionRow",
    "ReportAttemptRow",
    "SealedLeadRow",
    "SearchDocumentField",
    "SecondFactorRow",
    "SessionRow",
    "TimestampField",
    "UserRow",
    "WeeklyReportRow",
    "is_of",
]

TABLES: tuple[type[peewee.Model], ...] = (
    LeadRow,
    LeadSearchRow,
    LeadHistoryRow,
    LeadRollupRow,
    LeadChangeRow,
    LeadImportRow,
    ImportFileRow,
    FollowUpRow,
    LeadFileRow,
    OrphanObjectRow,
    IdempotencyKeyRow,
    ConsentTextRow,
    ConsentRow,
    QuarantinedLeadRow,
    RejectedSubmissionRow,
    CanaryRunRow,
    DeliveryRow,
    DeliveryAttemptRow,
    DigestDayRow,
    MailBudgetRow,
    DisabledEndpointRow,
    WeeklyReportRow,
    ReportAttemptRow,
    SealedLeadRow,
    ErasedLeadRow,
    UserRow,
    SessionRow,
    ExternalIdentityRow,
    SecondFactorRow,
    RecoveryCodeRow,
    AccountLinkRow,
    ApiKeyRow,
    AuditEntryRow,
    AuditCounterRow,
    HeartbeatRow,
)

for _index in LEAD_INDEXES:
    LeadRow.add_index(_index)
