"""What looks like spam."""

from typing import Any

import peewee

from leadtracker.adapters.database.tables import TimestampField


def up(_migrator: Any, db: peewee.Database) -> None:
    """Create its table."""

    class Suspect(peewee.Model):
        id = peewee.TextField(primary_key=True)
        received_at = TimestampField()
        email_key = peewee.TextField()
        reason = peewee.TextField()
        lead = peewee.TextField()
        consent = peewee.TextField(null=True)
        request_id = peewee.TextField(null=True)
        content = peewee.BlobField(null=True)

        class Meta:
            table_name = "quarantine"

    for index in (
        Suspect.index(Suspect.received_at, Suspect.id, name="quarantine_received_at"),
        Suspect.index(Suspect.email_key, name="quarantine_email_key"),
    ):
        Suspect.add_index(index)
    with db.bind_ctx([Suspect]):
        db.create_tables([Suspect], safe=False)
