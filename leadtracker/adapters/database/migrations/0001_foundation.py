"""Leads, the ledger of weekly reports, users, API keys and the schedulers' heartbeat.

The models are copies, frozen on the day this was written, so that later changes of the tables leave this
step as it is.
"""

from typing import Any

import peewee

from leadtracker.adapters.database.tables import TimestampField


def up(_migrator: Any, db: peewee.Database) -> None:
    """Create the first tables."""

    class Lead(peewee.Model):
        id = peewee.TextField(primary_key=True)
        first_name = peewee.TextField()
        last_name = peewee.TextField()
        email = peewee.TextField()
        email_key = peewee.TextField()
        phone = peewee.TextField(null=True)
        message = peewee.TextField(null=True)
        source = peewee.TextField(null=True)
        state = peewee.TextField()
        created_at = TimestampField()
        updated_at = TimestampField()
        version = peewee.IntegerField()
        duplicate_of = peewee.ForeignKeyField("self", null=True, column_name="duplicate_of", index=False)

        class Meta:
            table_name = "leads"

    is_first = Lead.duplicate_of.is_null()
    is_duplicate = Lead.duplicate_of.is_null(is_null=False)
    by_time = (Lead.created_at, Lead.id)
    for index in (
        Lead.index(Lead.email_key, unique=True, where=is_first, name="leads_first_email_key"),
        Lead.index(*by_time, where=is_first, name="leads_first_created_at"),
        Lead.index(Lead.state, *by_time, where=is_first, name="leads_first_state_created_at"),
        Lead.index(*by_time, name="leads_created_at"),
        Lead.index(Lead.email_key, name="leads_email_key"),
        Lead.index(*by_time, where=is_duplicate, name="leads_duplicate_created_at"),
        Lead.index(Lead.duplicate_of, where=is_duplicate, name="leads_duplicate_of"),
    ):
        Lead.add_index(index)

    class WeeklyReport(peewee.Model):
        week_start = TimestampField(primary_key=True)
        week_end = TimestampField()
        week = peewee.TextField(unique=True)
        number_of_leads = peewee.BigIntegerField()
        state = peewee.TextField()
        sealed_at = TimestampField()
        due_at = TimestampField(null=True)
        epoch = peewee.IntegerField()
        leased_until = TimestampField(null=True)

        class Meta:
            table_name = "weekly_reports"
            legacy_table_names = False  # names indexes after the table, not the class

    class ReportAttempt(peewee.Model):
        week = peewee.ForeignKeyField(WeeklyReport, field="week", column_name="week", index=False)
        number = peewee.IntegerField()
        started_at = TimestampField()
        finished_at = TimestampField(null=True)
        outcome = peewee.TextField(null=True)
        status = peewee.IntegerField(null=True)
        detail = peewee.TextField(null=True)

        class Meta:
            table_name = "report_attempts"
            primary_key = peewee.CompositeKey("week", "number")

    class User(peewee.Model):
        name = peewee.TextField(primary_key=True)
        role = peewee.TextField()
        email = peewee.TextField(null=True)
        password_hash = peewee.TextField()
        created_at = TimestampField()
        disabled_at = TimestampField(null=True)

        class Meta:
            table_name = "users"

    class ApiKey(peewee.Model):
        name = peewee.TextField(primary_key=True)
        role = peewee.TextField()
        digest = peewee.TextField(unique=True)
        created_at = TimestampField()
        revoked_at = TimestampField(null=True)

        class Meta:
            table_name = "api_keys"
            legacy_table_names = False  # names indexes after the table, not the class

    class Pulse(peewee.Model):
        id = peewee.IntegerField(primary_key=True)
        last_heartbeat_at = TimestampField()
        paused_since = TimestampField(null=True)

        class Meta:
            table_name = "scheduler_heartbeat"

    tables = [Lead, WeeklyReport, ReportAttempt, User, ApiKey, Pulse]
    with db.bind_ctx(tables):
        db.create_tables(tables, safe=False)
