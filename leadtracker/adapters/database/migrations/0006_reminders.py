"""Reminders of follow-ups, and the digest of each day.

The models are copies, frozen on the day this was written, so that later changes of the tables leave this
step as it is.
"""

from typing import Any

import peewee

from leadtracker.adapters.database.tables import TimestampField


def up(_migrator: Any, db: peewee.Database) -> None:
    """Have follow-ups and messages know of reminders; open follow-ups that are due already get theirs."""
    instant = "TEXT" if isinstance(db, peewee.SqliteDatabase) else "TIMESTAMPTZ"
    db.execute_sql(f'ALTER TABLE follow_ups ADD COLUMN "reminded_at" {instant}')
    db.execute_sql('ALTER TABLE deliveries ADD COLUMN "follow_up_id" TEXT')

    class FollowUp(peewee.Model):
        id = peewee.TextField(primary_key=True)
        due_at = TimestampField(null=True)
        done_at = TimestampField(null=True)
        reminded_at = TimestampField(null=True)

        class Meta:
            table_name = "follow_ups"

    class DigestDay(peewee.Model):
        day = peewee.TextField(primary_key=True)
        done_at = TimestampField()

        class Meta:
            table_name = "digest_days"

    waits = FollowUp.done_at.is_null() & FollowUp.reminded_at.is_null()
    index = FollowUp.index(FollowUp.due_at, FollowUp.id, where=waits, name="follow_ups_unreminded_due_at")
    with db.bind_ctx([FollowUp, DigestDay]):
        db.execute(index)
        db.create_tables([DigestDay], safe=False)
