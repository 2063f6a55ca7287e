"""The tables, as models that are bound to no database: they describe the schema and build statements.

Instants are kept to the microsecond in UTC: TIMESTAMPTZ on PostgreSQL, text of fixed width on SQLite.
"""

from typing import Any

import peewee


class InstantField(peewee.Field):
    """An instant; only the dialect knows how it is stored, so Peewee itself must not convert it."""

    field_type = "TIMESTAMPTZ"

    def db_value(self, value: Any) -> Any:  # noqa: ARG002 - the signature is Peewee's
        message = "statements take instants through slots"
        raise TypeError(message)


class LeadRow(peewee.Model):
    """A lead. The partial unique index is what makes duplicates impossible under any concurrency."""

    id = peewee.TextField(primary_key=True)
    first_name = peewee.TextField()
    last_name = peewee.TextField()
    email = peewee.TextField()
    email_key = peewee.TextField()
    phone = peewee.TextField(null=True)
    message = peewee.TextField(null=True)
    source = peewee.TextField(null=True)
    state = peewee.TextField()
    created_at = InstantField()
    updated_at = InstantField()
    version = peewee.IntegerField()
    duplicate_of = peewee.ForeignKeyField("self", null=True, column_name="duplicate_of", index=False)

    class Meta:
        table_name = "leads"


# Every index that is asked with "duplicate_of IS (NOT) NULL" says so itself: SQLite would take one on the
# column alone for the most selective of all and sort the whole table.
_IS_FIRST = LeadRow.duplicate_of.is_null()
_IS_DUPLICATE = LeadRow.duplicate_of.is_null(is_null=False)
for _index in (
    LeadRow.index(LeadRow.email_key, unique=True, where=_IS_FIRST, name="leads_first_email_key"),
    LeadRow.index(LeadRow.created_at, LeadRow.id, where=_IS_FIRST, name="leads_first_created_at"),
    LeadRow.index(
        LeadRow.state,
        LeadRow.created_at,
        LeadRow.id,
        where=_IS_FIRST,
        name="leads_first_state_created_at",
    ),
    LeadRow.index(LeadRow.created_at, LeadRow.id, name="leads_created_at"),
    LeadRow.index(LeadRow.email_key, name="leads_email_key"),
    LeadRow.index(LeadRow.created_at, LeadRow.id, where=_IS_DUPLICATE, name="leads_duplicate_created_at"),
    LeadRow.index(LeadRow.duplicate_of, where=_IS_DUPLICATE, name="leads_duplicate_of"),
):
    LeadRow.add_index(_index)


class WeeklyReportRow(peewee.Model):
    """A row of the ledger: one per closed week."""

    week_start = InstantField(primary_key=True)
    week_end = InstantField()
    week = peewee.TextField(unique=True)
    number_of_leads = peewee.BigIntegerField()
    state = peewee.TextField()
    sealed_at = InstantField()
    due_at = InstantField(null=True)
    epoch = peewee.IntegerField()
    leased_until = InstantField(null=True)

    class Meta:
        table_name = "weekly_reports"
        legacy_table_names = False  # names indexes after the table, not the class


class ReportAttemptRow(peewee.Model):
    """One try at delivering a weekly report."""

    week = peewee.ForeignKeyField(WeeklyReportRow, field="week", column_name="week", index=False)
    number = peewee.IntegerField()
    started_at = InstantField()
    finished_at = InstantField(null=True)
    outcome = peewee.TextField(null=True)
    status = peewee.IntegerField(null=True)
    detail = peewee.TextField(null=True)

    class Meta:
        table_name = "report_attempts"
        primary_key = peewee.CompositeKey("week", "number")


class UserRow(peewee.Model):
    """A user."""

    name = peewee.TextField(primary_key=True)
    role = peewee.TextField()
    email = peewee.TextField(null=True)
    password_hash = peewee.TextField()
    created_at = InstantField()
    disabled_at = InstantField(null=True)

    class Meta:
        table_name = "users"


class ApiKeyRow(peewee.Model):
    """An API key."""

    name = peewee.TextField(primary_key=True)
    role = peewee.TextField()
    digest = peewee.TextField(unique=True)
    created_at = InstantField()
    revoked_at = InstantField(null=True)

    class Meta:
        table_name = "api_keys"
        legacy_table_names = False  # names indexes after the table, not the class


class PulseRow(peewee.Model):
    """The schedulers' pulse: a table of one row."""

    id = peewee.IntegerField(primary_key=True)
    last_beat_at = InstantField()
    held_since = InstantField(null=True)

    class Meta:
        table_name = "scheduler_pulse"


TABLES: tuple[type[peewee.Model], ...] = (
    LeadRow,
    WeeklyReportRow,
    ReportAttemptRow,
    UserRow,
    ApiKeyRow,
    PulseRow,
)
