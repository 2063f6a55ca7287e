"""The outbox.

The models are copies, frozen on the day this was written, so that later changes of the tables leave this
step as it is.
"""

from typing import Any

import peewee

from leadtracker.adapters.database.tables import TimestampField


def up(_migrator: Any, db: peewee.Database) -> None:
    """Create its tables; leads that came before it cause no mail."""

    class Outbox(peewee.Model):
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
            table_name = "outbox"

    is_wanted = Outbox.due_at.is_null(is_null=False)
    is_leased = Outbox.leased_until.is_null(is_null=False)
    is_acknowledgement = Outbox.kind == "acknowledgement"
    for index in (
        Outbox.index(Outbox.due_at, where=is_wanted, name="outbox_due_at"),
        Outbox.index(Outbox.leased_until, where=is_leased, name="outbox_leased_until"),
        Outbox.index(Outbox.state, Outbox.created_at, Outbox.id, name="outbox_state_created_at"),
        Outbox.index(Outbox.created_at, Outbox.id, name="outbox_created_at"),
        Outbox.index(Outbox.lead_id, name="outbox_lead_id"),
        Outbox.index(
            Outbox.recipient_key, Outbox.created_at, where=is_acknowledgement, name="outbox_acknowledged"
        ),
    ):
        Outbox.add_index(index)

    class OutboxAttempt(peewee.Model):
        message = peewee.ForeignKeyField(Outbox, column_name="message_id", index=False, on_delete="CASCADE")
        number = peewee.IntegerField()
        started_at = TimestampField()
        finished_at = TimestampField(null=True)
        outcome = peewee.TextField(null=True)
        status = peewee.IntegerField(null=True)
        detail = peewee.TextField(null=True)

        class Meta:
            table_name = "outbox_attempts"
            primary_key = peewee.CompositeKey("message", "number")

    tables = [Outbox, OutboxAttempt]
    with db.bind_ctx(tables):
        db.create_tables(tables, safe=False)
