"""Webhooks: by which way each message goes, and the endpoints that want no more.

The models are copies, frozen on the day this was written, so that later changes of the tables leave this
step as it is.
"""

from typing import Any

import peewee

from leadtracker.adapters.database.tables import TimestampField


def up(_migrator: Any, db: peewee.Database) -> None:
    """Let each way find what is due by itself; all messages so far are mails."""
    db.execute_sql("ALTER TABLE deliveries ADD COLUMN \"channel\" TEXT NOT NULL DEFAULT 'mail'")
    db.execute_sql("DROP INDEX deliveries_due_at")

    class Delivery(peewee.Model):
        id = peewee.TextField(primary_key=True)
        recipient_key = peewee.TextField()
        due_at = TimestampField(null=True)
        channel = peewee.TextField()

        class Meta:
            table_name = "deliveries"

    is_wanted = Delivery.due_at.is_null(is_null=False)
    is_mail = Delivery.channel == peewee.SQL("'mail'")
    is_for_endpoint = Delivery.channel != peewee.SQL("'mail'")
    indexes = (
        Delivery.index(Delivery.due_at, where=is_wanted & is_mail, name="deliveries_mail_due_at"),
        Delivery.index(
            Delivery.recipient_key,
            Delivery.due_at,
            where=is_wanted & is_for_endpoint,
            name="deliveries_webhook_due_at",
        ),
    )

    class DisabledEndpoint(peewee.Model):
        key = peewee.TextField(primary_key=True)
        disabled_at = TimestampField()

        class Meta:
            table_name = "disabled_endpoints"

    with db.bind_ctx([Delivery, DisabledEndpoint]):
        for index in indexes:
            db.execute(index)
        db.create_tables([DisabledEndpoint], safe=False)
