"""Webhooks: by which way each message goes, and the endpoints that want no more.

The models are copies, frozen on the day this was written, so that later changes of the tables leave this
step as it is.
"""

from typing import Any

import peewee

from leadtracker.adapters.database.tables import TimestampField


def up(_migrator: Any, db: peewee.Database) -> None:
    """Let each way find what is due by itself; all messages so far are mails."""
    db.execute_sql("ALTER TABLE outbox ADD COLUMN \"channel\" TEXT NOT NULL DEFAULT 'mail'")
    db.execute_sql("DROP INDEX outbox_due_at")

    class Outbox(peewee.Model):
        id = peewee.TextField(primary_key=True)
        recipient_key = peewee.TextField()
        due_at = TimestampField(null=True)
        channel = peewee.TextField()

        class Meta:
            table_name = "outbox"

    is_wanted = Outbox.due_at.is_null(is_null=False)
    is_mail, is_webhook = (Outbox.channel == peewee.SQL(text) for text in ("'mail'", "'webhook'"))
    indexes = (
        Outbox.index(Outbox.due_at, where=is_wanted & is_mail, name="outbox_mail_due_at"),
        Outbox.index(
            Outbox.recipient_key, Outbox.due_at, where=is_wanted & is_webhook, name="outbox_webhook_due_at"
        ),
    )

    class DisabledEndpoint(peewee.Model):
        key = peewee.TextField(primary_key=True)
        disabled_at = TimestampField()

        class Meta:
            table_name = "disabled_endpoints"

    with db.bind_ctx([Outbox, DisabledEndpoint]):
        for index in indexes:
            db.execute(index)
        db.create_tables([DisabledEndpoint], safe=False)
