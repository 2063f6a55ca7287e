"""The tables of deliveries and weekly reports, of the attempts to send them, and of the reported leads."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import TimestampField


class DeliveryRow(peewee.Model):
    """A delivery.

    Attributes:
        lead_id: the lead it is about, if it is about a single one. No foreign key: enqueueing locks no lead.
        channel: follows from the kind; stored so that each channel finds its due deliveries through an index.
    """

    id = peewee.TextField(primary_key=True)
    kind = peewee.TextField()
    recipient = peewee.TextField()
    recipient_key = peewee.TextField()
    lead_id = peewee.TextField(null=True)
    text = peewee.TextField(null=True)
    state = peewee.TextField()
    created_at = TimestampField()
    due_at = TimestampField(null=True)
    epoch = peewee.IntegerField()
    leased_until = TimestampField(null=True)
    channel = peewee.TextField()
    follow_up_id = peewee.TextField(null=True)

    class Meta:
        table_name = "deliveries"
        without_rowid = True  # on SQLite: ids are in the order of time, and each lead writes one page less


_IS_FOR_ENDPOINT = DeliveryRow.channel != peewee.SQL("'mail'")
"""Every channel but mail has a queue for each endpoint, so that all of them share one index."""


def is_of(channel: str) -> peewee.Expression:
    """Filter by channel with literals that match the partial indexes, so that the planner uses them."""
    is_channel = DeliveryRow.channel == peewee.SQL(f"'{channel}'")
    return is_channel if channel == "mail" else _IS_FOR_ENDPOINT & is_channel


_IS_WAITING = DeliveryRow.due_at.is_null(is_null=False)
_IS_LEASED = DeliveryRow.leased_until.is_null(is_null=False)
IS_WEEKLY_REPORT = DeliveryRow.kind == peewee.SQL("'weekly_report'")
"""E-mails about sealed weeks, in the very words of the partial index."""
IS_SILENCE_ALERT = DeliveryRow.kind == peewee.SQL("'silence_alert'")
"""E-mails about silent sources, likewise."""
_IS_ACKNOWLEDGEMENT = DeliveryRow.kind == "acknowledgement"
for _index in (
    # find_due and due_since for mail; see test_due_deliveries_use_an_index, test_oldest_due_time_uses_indexes
    DeliveryRow.index(DeliveryRow.due_at, where=_IS_WAITING & is_of("mail"), name="deliveries_mail_due_at"),
    # find_due for one webhook endpoint, waiting_recipients; see test_due_deliveries_use_an_index
    DeliveryRow.index(
        DeliveryRow.recipient_key,
        DeliveryRow.due_at,
        where=_IS_WAITING & _IS_FOR_ENDPOINT,
        name="deliveries_webhook_due_at",
    ),
    # find_due for expired leases, due_since; see test_oldest_due_time_uses_indexes
    DeliveryRow.index(DeliveryRow.leased_until, where=_IS_LEASED, name="deliveries_leased_until"),
    # page, which merges the states if it shows all of them, and count_open; see
    # test_delivery_lists_use_an_index
    DeliveryRow.index(
        DeliveryRow.state, DeliveryRow.created_at, DeliveryRow.id, name="deliveries_state_created_at"
    ),
    # erase, and the consistency check of enqueued deliveries; see test_lookups_use_an_index
    DeliveryRow.index(DeliveryRow.lead_id, name="deliveries_lead_id"),
    # of_reports; see test_lookups_use_an_index
    DeliveryRow.index(
        DeliveryRow.text,
        DeliveryRow.created_at,
        where=IS_WEEKLY_REPORT,
        name="deliveries_weekly_report",
    ),
    # has_silence_alert; see test_lookups_use_an_index
    DeliveryRow.index(
        DeliveryRow.text,
        DeliveryRow.created_at,
        where=IS_SILENCE_ALERT,
        name="deliveries_silence_alert",
    ),
    # acknowledge, which looks for an earlier one to the same address; see
    # test_acknowledgements_use_an_index
    DeliveryRow.index(
        DeliveryRow.recipient_key,
        DeliveryRow.created_at,
        where=_IS_ACKNOWLEDGEMENT,
        name="deliveries_acknowledged",
    ),
):
    DeliveryRow.add_index(_index)


class DeliveryAttemptRow(peewee.Model):
    """One attempt to send a delivery."""

    delivery = peewee.ForeignKeyField(
        DeliveryRow, column_name="delivery_id", index=False, on_delete="CASCADE"
    )
    number = peewee.IntegerField()
    started_at = TimestampField()
    finished_at = TimestampField(null=True)
    outcome = peewee.TextField(null=True)
    status = peewee.IntegerField(null=True)
    detail = peewee.TextField(null=True)

    class Meta:
        table_name = "delivery_attempts"
        without_rowid = True  # on SQLite, attempts are read and written by this key alone
        primary_key = peewee.CompositeKey("delivery", "number")


class DigestDayRow(peewee.Model):
    """A day whose digest was enqueued; ``day`` is an ISO 8601 date."""

    day = peewee.TextField(primary_key=True)
    done_at = TimestampField()

    class Meta:
        table_name = "digest_days"


class DisabledEndpointRow(peewee.Model):
    """A webhook endpoint that answered 410 Gone; ``key`` is a digest of its URL."""

    key = peewee.TextField(primary_key=True)
    disabled_at = TimestampField()

    class Meta:
        table_name = "disabled_endpoints"


class MailBudgetRow(peewee.Model):
    """How many mails of a budget were sent in its current window; ``budget`` is its name."""

    budget = peewee.TextField(primary_key=True)
    window_start = TimestampField()
    number = peewee.IntegerField()

    class Meta:
        table_name = "mail_budgets"


class WeeklyReportRow(peewee.Model):
    """A row of the ledger: the report of one closed week."""

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
        legacy_table_names = False  # name the unique index after the table, not the class


class SealedLeadRow(peewee.Model):
    """A lead of a sealed week. No foreign key: erased leads stay in the explanation of their week.

    SQLite stores the rows in the primary key's B-tree, where those of a week are read together.

    Attributes:
        reason: why the number of the week does not count it; null if it does.
    """

    week = peewee.TextField()
    created_at = TimestampField()
    lead_id = peewee.TextField()
    reason = peewee.TextField(null=True)

    class Meta:
        table_name = "sealed_leads"
        primary_key = peewee.CompositeKey("week", "created_at", "lead_id")
        without_rowid = True


class ErasedLeadRow(peewee.Model):
    """The id and time of an erased lead, for the explanation of its week."""

    created_at = TimestampField()
    lead_id = peewee.TextField()

    class Meta:
        table_name = "erased_leads"
        primary_key = peewee.CompositeKey("created_at", "lead_id")
        without_rowid = True


class ReportAttemptRow(peewee.Model):
    """One attempt to send a weekly report."""

    week = peewee.ForeignKeyField(WeeklyReportRow, field="week", column_name="week", index=False)
    number = peewee.IntegerField()
    started_at = TimestampField()
    finished_at = TimestampField(null=True)
    outcome = peewee.TextField(null=True)
    status = peewee.IntegerField(null=True)
    detail = peewee.TextField(null=True)

    class Meta:
        table_name = "report_attempts"
        primary_key = peewee.CompositeKey("week", "number")
