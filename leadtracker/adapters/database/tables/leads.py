"""Leads and what belongs to them."""

import peewee

from leadtracker.adapters.database.tables.fields import SearchDocumentField, TimestampField


class LeadRow(peewee.Model):
    """A lead. The partial unique index is what makes duplicates impossible under any concurrency.

    Without a follow-up, ``follow_up_at`` is the last timestamp there is, so that such leads come last in an
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
    created_at = TimestampField()
    updated_at = TimestampField()
    version = peewee.IntegerField()
    duplicate_of = peewee.ForeignKeyField("self", null=True, column_name="duplicate_of", index=False)
    follow_up_at = TimestampField()
    contact_delay = peewee.BigIntegerField(null=True)
    resume_filename = peewee.TextField(null=True)
    resume_content_type = peewee.TextField(null=True)
    resume_size = peewee.IntegerField(null=True)
    resume_sha256 = peewee.TextField(null=True)

    class Meta:
        table_name = "leads"


# Every index that is asked with "duplicate_of IS (NOT) NULL" says so itself: SQLite would take one on the
# column alone for the most selective of all and sort the whole table.
_IS_PRIMARY = LeadRow.duplicate_of.is_null()
_IS_DUPLICATE = LeadRow.duplicate_of.is_null(is_null=False)
for _index in (
    LeadRow.index(LeadRow.email_key, unique=True, where=_IS_PRIMARY, name="leads_first_email_key"),
    LeadRow.index(LeadRow.created_at, LeadRow.id, where=_IS_PRIMARY, name="leads_first_created_at"),
    LeadRow.index(
        LeadRow.state,
        LeadRow.created_at,
        LeadRow.id,
        where=_IS_PRIMARY,
        name="leads_first_state_created_at",
    ),
    LeadRow.index(
        LeadRow.source,
        LeadRow.created_at,
        LeadRow.id,
        where=_IS_PRIMARY,
        name="leads_first_source_created_at",
    ),
    LeadRow.index(LeadRow.updated_at, LeadRow.id, where=_IS_PRIMARY, name="leads_first_updated_at"),
    LeadRow.index(LeadRow.follow_up_at, LeadRow.id, where=_IS_PRIMARY, name="leads_first_follow_up_at"),
    LeadRow.index(
        LeadRow.contact_delay,
        LeadRow.created_at,
        where=_IS_PRIMARY & LeadRow.contact_delay.is_null(is_null=False),
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


class LeadSearchRow(peewee.Model):
    """The words by which a lead is found; ``full_text`` tells how.

    Attributes:
        rank_id: a number of its own; on SQLite it follows the time at which the lead was created.
    """

    rank_id = peewee.BigAutoField()
    lead = peewee.ForeignKeyField(LeadRow, column_name="lead_id", unique=True, on_delete="CASCADE")
    search_document = SearchDocumentField()

    class Meta:
        table_name = "lead_search"
        legacy_table_names = False  # names indexes after the table, not the class


class LeadHistoryRow(peewee.Model):
    """Something that happened to a lead; it outlives the lead."""

    number = peewee.BigAutoField()
    lead_id = peewee.TextField()
    version = peewee.IntegerField()
    at = TimestampField()
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
    due_at = TimestampField(null=True)
    note = peewee.TextField(null=True)
    message = peewee.TextField(null=True)
    created_at = TimestampField()
    created_by = peewee.TextField()
    done_at = TimestampField(null=True)
    reminded_at = TimestampField(null=True)

    class Meta:
        table_name = "follow_ups"


_IS_OPEN = FollowUpRow.done_at.is_null()
_IS_DONE = FollowUpRow.done_at.is_null(is_null=False)
for _index in (
    FollowUpRow.index(FollowUpRow.lead, unique=True, where=_IS_OPEN, name="follow_ups_open_lead_id"),
    FollowUpRow.index(FollowUpRow.lead, FollowUpRow.created_at, name="follow_ups_lead_id"),
    FollowUpRow.index(FollowUpRow.due_at, FollowUpRow.id, where=_IS_OPEN, name="follow_ups_open_due_at"),
    FollowUpRow.index(FollowUpRow.done_at, FollowUpRow.id, where=_IS_DONE, name="follow_ups_done_at"),
    FollowUpRow.index(
        FollowUpRow.due_at,
        FollowUpRow.id,
        where=_IS_OPEN & FollowUpRow.reminded_at.is_null(),
        name="follow_ups_unreminded_due_at",
    ),
):
    FollowUpRow.add_index(_index)


class ResumeRow(peewee.Model):
    """The file of a resume.

    Attributes:
        content: empty if an object has it, which no resume is by itself.
        object_key: that of the object.
    """

    lead = peewee.ForeignKeyField(LeadRow, column_name="lead_id", primary_key=True)
    filename = peewee.TextField()
    content_type = peewee.TextField()
    size = peewee.IntegerField()
    sha256 = peewee.TextField()
    content = peewee.BlobField()
    object_key = peewee.TextField(null=True)

    class Meta:
        table_name = "resumes"


class OrphanObjectRow(peewee.Model):
    """An object that may exist and that no resume refers to; see the port ``ResumeStore``.

    Attributes:
        until: when it expires; null once it is marked for deletion.
    """

    key = peewee.TextField(primary_key=True)
    until = TimestampField(null=True)

    class Meta:
        table_name = "orphan_objects"


class IdempotencyKeyRow(peewee.Model):
    """A request with an idempotency key, and what was answered to it."""

    digest = peewee.TextField(primary_key=True)
    fingerprint = peewee.TextField()
    at = TimestampField()
    lead_id = peewee.TextField(null=True)
    response = peewee.TextField(null=True)

    class Meta:
        table_name = "idempotency_keys"


for _index in (
    IdempotencyKeyRow.index(IdempotencyKeyRow.at, name="idempotency_keys_at"),
    IdempotencyKeyRow.index(IdempotencyKeyRow.lead_id, name="idempotency_keys_lead_id"),
):
    IdempotencyKeyRow.add_index(_index)


class QuarantinedLeadRow(peewee.Model):
    """What looks like spam; ``lead`` is what it would be, and ``content`` that of its resume."""

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


for _index in (
    QuarantinedLeadRow.index(
        QuarantinedLeadRow.received_at, QuarantinedLeadRow.id, name="quarantine_received_at"
    ),
    QuarantinedLeadRow.index(QuarantinedLeadRow.email_key, name="quarantine_email_key"),
):
    QuarantinedLeadRow.add_index(_index)
