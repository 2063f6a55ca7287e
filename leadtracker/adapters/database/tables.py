"""The tables, as models that are bound to no database: they describe the schema and build statements.

Instants are kept to the microsecond in UTC: TIMESTAMPTZ on PostgreSQL, text of fixed width on SQLite.
"""

from typing import Any

import peewee


class InstantField(peewee.Field):
    """An instant; only the dialect knows how it is stored, so Peewee itself must not convert it."""

    field_type = "TIMESTAMPTZ"

    def db_value(self, value: Any) -> Any:  # noqa: ARG002 - the signature is Peewee's
        message = "statements take instants through slots"
        raise TypeError(message)


class WordsField(peewee.Field):
    """Words to be searched, as each database keeps them; the dialect says what it calls that."""

    field_type = "WORDS"


class LeadRow(peewee.Model):
    """A lead. The partial unique index is what makes duplicates impossible under any concurrency.

    Without a follow-up, ``follow_up_at`` is the last instant there is, so that such leads come last in an
    index. ``contact_delay`` is how many microseconds a lead waited until it was contacted. What is known of
    a resume is kept here, too, so that lists of leads never touch the table of files.
    """

    id = peewee.TextField(primary_key=True)
    first_name = peewee.TextField()
    last_name = peewee.TextField()
    email = peewee.TextField()
    email_key = peewee.TextField()
    phone = peewee.TextField(null=True)
    message = peewee.TextField(null=True)
    source = peewee.TextField(null=True)
    state = peewee.TextField()
    created_at = InstantField()
    updated_at = InstantField()
    version = peewee.IntegerField()
    duplicate_of = peewee.ForeignKeyField("self", null=True, column_name="duplicate_of", index=False)
    follow_up_at = InstantField()
    contact_delay = peewee.BigIntegerField(null=True)
    resume_filename = peewee.TextField(null=True)
    resume_content_type = peewee.TextField(null=True)
    resume_size = peewee.IntegerField(null=True)
    resume_sha256 = peewee.TextField(null=True)

    class Meta:
        table_name = "leads"


# Every index that is asked with "duplicate_of IS (NOT) NULL" says so itself: SQLite would take one on the
# column alone for the most selective of all and sort the whole table.
_IS_FIRST = LeadRow.duplicate_of.is_null()
_IS_DUPLICATE = LeadRow.duplicate_of.is_null(is_null=False)
for _index in (
    LeadRow.index(LeadRow.email_key, unique=True, where=_IS_FIRST, name="leads_first_email_key"),
    LeadRow.index(LeadRow.created_at, LeadRow.id, where=_IS_FIRST, name="leads_first_created_at"),
    LeadRow.index(
        LeadRow.state,
        LeadRow.created_at,
        LeadRow.id,
        where=_IS_FIRST,
        name="leads_first_state_created_at",
    ),
    LeadRow.index(
        LeadRow.source,
        LeadRow.created_at,
        LeadRow.id,
        where=_IS_FIRST,
        name="leads_first_source_created_at",
    ),
    LeadRow.index(LeadRow.updated_at, LeadRow.id, where=_IS_FIRST, name="leads_first_updated_at"),
    LeadRow.index(LeadRow.follow_up_at, LeadRow.id, where=_IS_FIRST, name="leads_first_follow_up_at"),
    LeadRow.index(
        LeadRow.contact_delay,
        LeadRow.created_at,
        where=_IS_FIRST & LeadRow.contact_delay.is_null(is_null=False),
        name="leads_first_contact_delay",
    ),
    LeadRow.index(LeadRow.created_at, LeadRow.id, name="leads_created_at"),
    LeadRow.index(LeadRow.email_key, name="leads_email_key"),
    LeadRow.index(LeadRow.created_at, LeadRow.id, where=_IS_DUPLICATE, name="leads_duplicate_created_at"),
    LeadRow.index(
        LeadRow.duplicate_of,
        LeadRow.created_at,
        LeadRow.id,
        where=_IS_DUPLICATE,
        name="leads_duplicate_of_created_at",
    ),
):
    LeadRow.add_index(_index)


class LeadWordsRow(peewee.Model):
    """The words by which a lead is found; ``full_text`` tells how.

    Attributes:
        place: a number of its own; on SQLite it follows the time at which the lead was created.
    """

    place = peewee.BigAutoField()
    lead = peewee.ForeignKeyField(LeadRow, column_name="lead_id", unique=True, on_delete="CASCADE")
    words = WordsField()

    class Meta:
        table_name = "lead_words"
        legacy_table_names = False  # names indexes after the table, not the class


class LeadHistoryRow(peewee.Model):
    """Something that happened to a lead; it outlives the lead."""

    number = peewee.BigAutoField()
    lead_id = peewee.TextField()
    version = peewee.IntegerField()
    at = InstantField()
    actor = peewee.TextField()
    action = peewee.TextField()
    changes = peewee.TextField(null=True)
    note = peewee.TextField(null=True)
    request_id = peewee.TextField(null=True)

    class Meta:
        table_name = "lead_history"


LeadHistoryRow.add_index(
    LeadHistoryRow.index(LeadHistoryRow.lead_id, LeadHistoryRow.number, name="lead_history_lead_id")
)


class FollowUpRow(peewee.Model):
    """A follow-up."""

    id = peewee.TextField(primary_key=True)
    lead = peewee.ForeignKeyField(LeadRow, column_name="lead_id", index=False)
    due_at = InstantField(null=True)
    note = peewee.TextField(null=True)
    message = peewee.TextField(null=True)
    created_at = InstantField()
    created_by = peewee.TextField()
    done_at = InstantField(null=True)

    class Meta:
        table_name = "follow_ups"


_IS_OPEN = FollowUpRow.done_at.is_null()
_IS_DONE = FollowUpRow.done_at.is_null(is_null=False)
for _index in (
    FollowUpRow.index(FollowUpRow.lead, unique=True, where=_IS_OPEN, name="follow_ups_open_lead_id"),
    FollowUpRow.index(FollowUpRow.lead, FollowUpRow.created_at, name="follow_ups_lead_id"),
    FollowUpRow.index(FollowUpRow.due_at, FollowUpRow.id, where=_IS_OPEN, name="follow_ups_open_due_at"),
    FollowUpRow.index(FollowUpRow.done_at, FollowUpRow.id, where=_IS_DONE, name="follow_ups_done_at"),
):
    FollowUpRow.add_index(_index)


class ResumeRow(peewee.Model):
    """The file of a resume."""

    lead = peewee.ForeignKeyField(LeadRow, column_name="lead_id", primary_key=True)
    filename = peewee.TextField()
    content_type = peewee.TextField()
    size = peewee.IntegerField()
    sha256 = peewee.TextField()
    content = peewee.BlobField()

    class Meta:
        table_name = "resumes"


class CaptureRow(peewee.Model):
    """A request with an idempotency key, and what was answered to it."""

    digest = peewee.TextField(primary_key=True)
    fingerprint = peewee.TextField()
    at = InstantField()
    lead_id = peewee.TextField(null=True)
    answer = peewee.TextField(null=True)

    class Meta:
        table_name = "captures"


for _index in (
    CaptureRow.index(CaptureRow.at, name="captures_at"),
    CaptureRow.index(CaptureRow.lead_id, name="captures_lead_id"),
):
    CaptureRow.add_index(_index)


class OutboxRow(peewee.Model):
    """A message; ``lead_id`` is no foreign key, so that enqueueing locks no lead."""

    id = peewee.TextField(primary_key=True)
    kind = peewee.TextField()
    recipient = peewee.TextField()
    recipient_key = peewee.TextField()
    lead_id = peewee.TextField()
    text = peewee.TextField(null=True)
    state = peewee.TextField()
    created_at = InstantField()
    due_at = InstantField(null=True)
    epoch = peewee.IntegerField()
    leased_until = InstantField(null=True)

    class Meta:
        table_name = "outbox"


_IS_WANTED = OutboxRow.due_at.is_null(is_null=False)
_IS_LEASED = OutboxRow.leased_until.is_null(is_null=False)
_IS_ACKNOWLEDGEMENT = OutboxRow.kind == "acknowledgement"
for _index in (
    OutboxRow.index(OutboxRow.due_at, where=_IS_WANTED, name="outbox_due_at"),
    OutboxRow.index(OutboxRow.leased_until, where=_IS_LEASED, name="outbox_leased_until"),
    OutboxRow.index(OutboxRow.state, OutboxRow.created_at, OutboxRow.id, name="outbox_state_created_at"),
    OutboxRow.index(OutboxRow.created_at, OutboxRow.id, name="outbox_created_at"),
    OutboxRow.index(OutboxRow.lead_id, name="outbox_lead_id"),
    OutboxRow.index(
        OutboxRow.recipient_key, OutboxRow.created_at, where=_IS_ACKNOWLEDGEMENT, name="outbox_acknowledged"
    ),
):
    OutboxRow.add_index(_index)


class OutboxAttemptRow(peewee.Model):
    """One try at sending a message."""

    message = peewee.ForeignKeyField(OutboxRow, column_name="message_id", index=False, on_delete="CASCADE")
    number = peewee.IntegerField()
    started_at = InstantField()
    finished_at = InstantField(null=True)
    outcome = peewee.TextField(null=True)
    status = peewee.IntegerField(null=True)
    detail = peewee.TextField(null=True)

    class Meta:
        table_name = "outbox_attempts"
        primary_key = peewee.CompositeKey("message", "number")


class WeeklyReportRow(peewee.Model):
    """A row of the ledger: one per closed week."""

    week_start = InstantField(primary_key=True)
    week_end = InstantField()
    week = peewee.TextField(unique=True)
    number_of_leads = peewee.BigIntegerField()
    state = peewee.TextField()
    sealed_at = InstantField()
    due_at = InstantField(null=True)
    epoch = peewee.IntegerField()
    leased_until = InstantField(null=True)

    class Meta:
        table_name = "weekly_reports"
        legacy_table_names = False  # names indexes after the table, not the class


class ReportAttemptRow(peewee.Model):
    """One try at delivering a weekly report."""

    week = peewee.ForeignKeyField(WeeklyReportRow, field="week", column_name="week", index=False)
    number = peewee.IntegerField()
    started_at = InstantField()
    finished_at = InstantField(null=True)
    outcome = peewee.TextField(null=True)
    status = peewee.IntegerField(null=True)
    detail = peewee.TextField(null=True)

    class Meta:
        table_name = "report_attempts"
        primary_key = peewee.CompositeKey("week", "number")


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


TABLES: tuple[type[peewee.Model], ...] = (
    LeadRow,
    LeadWordsRow,
    LeadHistoryRow,
    FollowUpRow,
    ResumeRow,
    CaptureRow,
    OutboxRow,
    OutboxAttemptRow,
    WeeklyReportRow,
    ReportAttemptRow,
    UserRow,
    ApiKeyRow,
    PulseRow,
)
