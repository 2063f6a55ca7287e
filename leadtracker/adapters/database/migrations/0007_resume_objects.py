"""Resumes whose content is an object, kept elsewhere, and the objects that no resume refers to.

The models are copies, frozen on the day this was written, so that later changes of the tables leave this
step as it is.
"""

from typing import Any

import peewee

from leadtracker.adapters.database.tables import TimestampField


def up(_migrator: Any, db: peewee.Database) -> None:
    """Give resumes their new column, create the table of orphan objects; contents stay where they are."""
    db.execute_sql('ALTER TABLE resumes ADD COLUMN "object_key" TEXT')

    class OrphanObject(peewee.Model):
        key = peewee.TextField(primary_key=True)
        until = TimestampField(null=True)

        class Meta:
            table_name = "orphan_objects"

    with db.bind_ctx([OrphanObject]):
        db.create_tables([OrphanObject], safe=False)
