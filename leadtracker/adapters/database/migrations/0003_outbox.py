"""The outbox.

The models are copies, frozen on the day this was written, so that later changes of the tables leave this
step as it is.
"""

from typing import Any

import peewee

from leadtracker.adapters.database.tables import TimestampField


def up(_migrator: Any, db: peewee.Database) -> None:
    """Create its tables; leads that came before it cause no mail."""

    class Delivery(peewee.Model):
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

        class Meta:
            table_name = "deliveries"

    is_wanted = Delivery.due_at.is_null(is_null=False)
    is_leased = Delivery.leased_until.is_null(is_null=False)
    is_acknowledgement = Delivery.kind == "acknowledgement"
    for index in (
        Delivery.index(Delivery.due_at, where=is_wanted, name="deliveries_due_at"),
        Delivery.index(Delivery.leased_until, where=is_leased, name="deliveries_leased_until"),
        Delivery.index(Delivery.state, Delivery.created_at, Delivery.id, name="deliveries_state_created_at"),
        Delivery.index(Delivery.created_at, Delivery.id, name="deliveries_created_at"),
        Delivery.index(Delivery.lead_id, name="deliveries_lead_id"),
        Delivery.index(
            Delivery.recipient_key,
            Delivery.created_at,
            where=is_acknowledgement,
            name="deliveries_acknowledged",
        ),
    ):
        Delivery.add_index(index)

    class DeliveryAttempt(peewee.Model):
        delivery = peewee.ForeignKeyField(
            Delivery, column_name="delivery_id", index=False, on_delete="CASCADE"
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

    tables = [Delivery, DeliveryAttempt]
    with db.bind_ctx(tables):
        db.create_tables(tables, safe=False)
