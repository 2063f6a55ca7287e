"""Sessions of users."""

from typing import Any

import peewee

from leadtracker.adapters.database.tables import TimestampField


def up(_migrator: Any, db: peewee.Database) -> None:
    """Create their table."""

    class User(peewee.Model):
        name = peewee.TextField(primary_key=True)

        class Meta:
            table_name = "users"

    class Session(peewee.Model):
        digest = peewee.TextField(primary_key=True)
        user = peewee.ForeignKeyField(User, column_name="user_name", index=False)
        started_at = TimestampField()
        seen_at = TimestampField()

        class Meta:
            table_name = "sessions"

    Session.add_index(Session.index(Session.user, name="sessions_user_name"))
    with db.bind_ctx([User, Session]):
        db.create_tables([Session], safe=False)
