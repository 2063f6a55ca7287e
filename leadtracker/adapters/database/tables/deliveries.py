"""What is to be delivered: messages and weekly reports, with their attempts."""

import peewee

from leadtracker.adapters.database.tables.fields import TimestampField


class DeliveryRow(peewee.Model):
    """A message; ``lead_id`` is no foreign key, so that enqueueing locks no lead.

    It is empty where a message is about no single lead: SQLite can allow NULL only in a new table, and with
    the old one the attempts would go.
    ``channel`` follows from the kind; it is kept so that each way finds what is due by an index.
    """

    id = peewee.TextField(primary_key=True)
    kind = peewee.TextField()
    recipient = peewee.TextField()
    recipient_key = peewee.TextField()
    lead_id = peewee.TextField()
    text = peewee.TextField(null=True)
    state = peewee.TextField()
    created_at = TimestampField()
    due_at = TimestampField(null=True)
    epoch = peewee.IntegerField()
    leased_until = TimestampField(null=True)
    channel = peewee.TextField(constraints=[peewee.SQL("DEFAULT 'mail'")])
    follow_up_id = peewee.TextField(null=True)

    class Meta:
        table_name = "deliveries"


_IS_FOR_ENDPOINT = DeliveryRow.channel != peewee.SQL("'mail'")
"""Every channel but mail has a queue for each endpoint, so that all of them share one index."""


def is_of(channel: str) -> peewee.Expression:
    """Filter by channel with literals that match the partial indexes, so that the planner uses them."""
    is_channel = DeliveryRow.channel == peewee.SQL(f"'{channel}'")
    return is_channel if channel == "mail" else _IS_FOR_ENDPOINT & is_channel


_IS_WANTED = DeliveryRow.due_at.is_null(is_null=False)
_IS_LEASED = DeliveryRow.leased_until.is_null(is_null=False)
_IS_ACKNOWLEDGEMENT = DeliveryRow.kind == "acknowledgement"
for _index in (
    DeliveryRow.index(DeliveryRow.due_at, where=_IS_WANTED & is_of("mail"), name="deliveries_mail_due_at"),
    DeliveryRow.index(
        DeliveryRow.recipient_key,
        DeliveryRow.due_at,
        where=_IS_WANTED & _IS_FOR_ENDPOINT,
        name="deliveries_webhook_due_at",
    ),
    DeliveryRow.index(DeliveryRow.leased_until, where=_IS_LEASED, name="deliveries_leased_until"),
    DeliveryRow.index(
        DeliveryRow.state, DeliveryRow.created_at, DeliveryRow.id, name="deliveries_state_created_at"
    ),
    DeliveryRow.index(DeliveryRow.created_at, DeliveryRow.id, name="deliveries_created_at"),
    DeliveryRow.index(DeliveryRow.lead_id, name="deliveries_lead_id"),
    DeliveryRow.index(
        DeliveryRow.recipient_key,
        DeliveryRow.created_at,
        where=_IS_ACKNOWLEDGEMENT,
        name="deliveries_acknowledged",
    ),
):
    DeliveryRow.add_index(_index)


class DeliveryAttemptRow(peewee.Model):
    """One try at sending a message."""

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
        primary_key = peewee.CompositeKey("delivery", "number")


class DigestDayRow(peewee.Model):
    """A day whose digest is done, as ISO 8601 writes it."""

    day = peewee.TextField(primary_key=True)
    done_at = TimestampField()

    class Meta:
        table_name = "digest_days"


class DisabledEndpointRow(peewee.Model):
    """A webhook endpoint that wants no more events; ``key`` is a digest of its URL."""

    key = peewee.TextField(primary_key=True)
    disabled_at = TimestampField()

    class Meta:
        table_name = "disabled_endpoints"


class WeeklyReportRow(peewee.Model):
    """A row of the ledger: one per closed week."""

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


class ReportAttemptRow(peewee.Model):
    """One try at delivering a weekly report."""

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
