"""Who may come in, and the schedulers' pulse."""

import peewee

from leadtracker.adapters.database.tables.fields import InstantField


class UserRow(peewee.Model):
    """A user."""

    name = peewee.TextField(primary_key=True)
    role = peewee.TextField()
    email = peewee.TextField(null=True)
    password_hash = peewee.TextField()
    created_at = InstantField()
    disabled_at = InstantField(null=True)

    class Meta:
        table_name = "users"


class SessionRow(peewee.Model):
    """A session of a user; ``digest`` is that of the secret that the browser holds."""

    digest = peewee.TextField(primary_key=True)
    user = peewee.ForeignKeyField(UserRow, column_name="user_name", index=False)
    started_at = InstantField()
    seen_at = InstantField()

    class Meta:
        table_name = "sessions"


SessionRow.add_index(SessionRow.index(SessionRow.user, name="sessions_user_name"))


class ApiKeyRow(peewee.Model):
    """An API key."""

    name = peewee.TextField(primary_key=True)
    role = peewee.TextField()
    digest = peewee.TextField(unique=True)
    created_at = InstantField()
    revoked_at = InstantField(null=True)

    class Meta:
        table_name = "api_keys"
        legacy_table_names = False  # names indexes after the table, not the class


class PulseRow(peewee.Model):
    """The schedulers' pulse: a table of one row."""

    id = peewee.IntegerField(primary_key=True)
    last_beat_at = InstantField()
    held_since = InstantField(null=True)

    class Meta:
        table_name = "scheduler_pulse"
