"""The tables of users, their sessions and external identities, API keys and the audit log; the heartbeat."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import TimestampField


class UserRow(peewee.Model):
    """A user.

    Attributes:
        email_key: the normalised form of the address, for the recipient of deliveries.
    """

    name = peewee.TextField(primary_key=True)
    role = peewee.TextField()
    email = peewee.TextField(null=True)
    email_key = peewee.TextField(null=True)
    is_assignable = peewee.IntegerField()  # 1 or 0, which both databases store alike
    password_hash = peewee.TextField()
    password_state = peewee.TextField()
    second_factor_at = TimestampField(null=True)
    second_factor_grace_until = TimestampField(null=True)
    created_at = TimestampField()
    disabled_at = TimestampField(null=True)

    class Meta:
        table_name = "users"


class SessionRow(peewee.Model):
    """A login session; ``digest`` is the digest of the secret in the browser's cookie."""

    digest = peewee.TextField(primary_key=True)
    user = peewee.ForeignKeyField(UserRow, column_name="user_name", index=False)
    started_at = TimestampField()
    seen_at = TimestampField()
    confirmed_at = TimestampField()
    browser = peewee.TextField()
    system = peewee.TextField()
    network = peewee.TextField(null=True)
    ends_at = TimestampField(null=True)
    is_pending = peewee.IntegerField()  # 1 or 0
    sealed_tokens = peewee.TextField(null=True)
    checked_at = TimestampField(null=True)

    class Meta:
        table_name = "sessions"


# Listing and ending all sessions of a user, and the foreign key when a user is deleted.
SessionRow.add_index(SessionRow.index(SessionRow.user, name="sessions_user_name"))


class ExternalIdentityRow(peewee.Model):
    """The user that a person at an OpenID provider is."""

    issuer = peewee.TextField()
    subject = peewee.TextField()
    user = peewee.ForeignKeyField(UserRow, column_name="user_name", index=False)
    linked_at = TimestampField()

    class Meta:
        table_name = "external_identities"
        primary_key = peewee.CompositeKey("issuer", "subject")


# The identities of a user, and the foreign key when a user is deleted (test_lookups).
ExternalIdentityRow.add_index(
    ExternalIdentityRow.index(ExternalIdentityRow.user, name="external_identities_user_name")
)


class SecondFactorRow(peewee.Model):
    """The second factor of a user; ``enabled_at`` is null until its setup is done."""

    user = peewee.ForeignKeyField(UserRow, column_name="user_name", primary_key=True, index=False)
    sealed_secret = peewee.TextField()
    enabled_at = TimestampField(null=True)
    last_step = peewee.BigIntegerField()
    failures = peewee.IntegerField()
    failed_at = TimestampField(null=True)

    class Meta:
        table_name = "second_factors"


class RecoveryCodeRow(peewee.Model):
    """The digest of a recovery code that was not used yet."""

    user = peewee.ForeignKeyField(UserRow, column_name="user_name", index=False)
    digest = peewee.TextField()

    class Meta:
        table_name = "recovery_codes"
        primary_key = peewee.CompositeKey("user", "digest")


class AccountLinkRow(peewee.Model):
    """A link that is mailed to a user; without a user, a request that leads to no mail."""

    id = peewee.TextField(primary_key=True)
    purpose = peewee.TextField()
    user = peewee.ForeignKeyField(UserRow, column_name="user_name", null=True, index=False)
    digest = peewee.TextField(unique=True)  # opening a link looks it up
    sealed_token = peewee.TextField()
    created_at = TimestampField()
    is_waiting = peewee.IntegerField()  # 1 or 0

    class Meta:
        table_name = "account_links"
        legacy_table_names = False  # name the unique index after the table, not the class


# The links of a user, and the foreign key when a user is deleted (test_lookups).
AccountLinkRow.add_index(AccountLinkRow.index(AccountLinkRow.user, name="account_links_user_name"))


class ApiKeyRow(peewee.Model):
    """An API key."""

    name = peewee.TextField(primary_key=True)
    role = peewee.TextField()
    digest = peewee.TextField(unique=True)  # each request with a key looks it up
    created_at = TimestampField()
    created_by = peewee.TextField(null=True)
    expires_at = TimestampField(null=True)
    last_used_at = TimestampField(null=True)
    revoked_at = TimestampField(null=True)

    class Meta:
        table_name = "api_keys"
        legacy_table_names = False  # name the unique index after the table, not the class


class AuditEntryRow(peewee.Model):
    """An entry of the audit log; no statement changes one."""

    number = peewee.BigIntegerField(primary_key=True)
    at = TimestampField()
    actor = peewee.TextField()
    action = peewee.TextField()
    subject = peewee.TextField()
    network = peewee.TextField(null=True)

    class Meta:
        table_name = "audit_entries"


# Pages of one actor, and of one action (test_lists).
AuditEntryRow.add_index(
    AuditEntryRow.index(AuditEntryRow.actor, AuditEntryRow.number, name="audit_entries_actor")
)
AuditEntryRow.add_index(
    AuditEntryRow.index(AuditEntryRow.action, AuditEntryRow.number, name="audit_entries_action")
)


class AuditCounterRow(peewee.Model):
    """The number of the latest entry of the audit log, in one row."""

    id = peewee.IntegerField(primary_key=True)
    last_number = peewee.BigIntegerField()

    class Meta:
        table_name = "audit_counter"


class HeartbeatRow(peewee.Model):
    """The scheduler's heartbeat, in one row."""

    id = peewee.IntegerField(primary_key=True)
    last_heartbeat_at = TimestampField()
    paused_since = TimestampField(null=True)

    class Meta:
        table_name = "scheduler_heartbeat"
