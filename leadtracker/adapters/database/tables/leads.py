"""The tables of leads, their search terms, history, follow-ups and files, and of the intake of leads."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import SearchDocumentField, TimestampField


class LeadRow(peewee.Model):
    """A lead.

    Attributes:
        identity: the key of the e-mail address, else that of the phone number. It is unique among primary
            leads, which makes two primary leads of one person impossible under any concurrency.
        owner: the name of a user. No foreign key, since a backup or an import may name one who is not here.
        enquiries: the number of leads that link to this one, so that no list has to count them.
        answers: a JSON object, or null.
        follow_up_at: ``NEVER``, the last timestamp, without a follow-up, so that such leads sort last.
        contact_delay: microseconds between the creation and the first contact.
        resume_filename: with the next three columns a copy of ``LeadFileRow``, so that lists of leads never
            read the table of files.
        attachments: the same of the other files, as ``attachments_to_json`` writes it.
        import_id: of ``LeadImportRow``, or null.
    """

    id = peewee.TextField(primary_key=True)
    first_name = peewee.TextField()
    last_name = peewee.TextField(null=True)
    email = peewee.TextField(null=True)
    identity = peewee.TextField()
    phone = peewee.TextField(null=True)
    message = peewee.TextField(null=True)
    source = peewee.TextField(null=True)
    language = peewee.TextField(null=True)
    answers = peewee.TextField(null=True)
    state = peewee.TextField()
    owner = peewee.TextField(null=True)
    created_at = TimestampField()
    updated_at = TimestampField()
    version = peewee.IntegerField()
    duplicate_of = peewee.ForeignKeyField("self", null=True, column_name="duplicate_of", index=False)
    enquiries = peewee.IntegerField()
    follow_up_at = TimestampField()
    contact_delay = peewee.BigIntegerField(null=True)
    resume_filename = peewee.TextField(null=True)
    resume_content_type = peewee.TextField(null=True)
    resume_size = peewee.IntegerField(null=True)
    resume_sha256 = peewee.TextField(null=True)
    attachments = peewee.TextField(null=True)
    import_id = peewee.TextField(null=True)

    class Meta:
        table_name = "leads"


# An index whose query filters by "duplicate_of IS (NOT) NULL" repeats the condition: SQLite would consider an
# index that begins with duplicate_of the most selective one, and sort the whole table.
_IS_PRIMARY = LeadRow.duplicate_of.is_null()
_IS_DUPLICATE = LeadRow.duplicate_of.is_null(is_null=False)
# Without owners these indexes are empty, so that they cost nothing.
_IS_OWNED = LeadRow.owner.is_null(is_null=False)
# The leads that pages list: an answered duplicate needs no more work. Both databases see that a query for
# primary leads, for waiting leads or for these needs only rows of such an index; its last column filters
# primary leads.
IS_LISTED = _IS_PRIMARY | (LeadRow.state == peewee.SQL("'PENDING'"))
"""Primary leads and waiting duplicates, in the very words of the partial indexes."""
for _index in (
    # find_primary, the conflict of add, and lists by address; see test_address_lookup_uses_an_index
    LeadRow.index(LeadRow.identity, unique=True, where=_IS_PRIMARY, name="leads_primary_identity"),
    # the same lists, for duplicates; see test_address_lookup_uses_an_index
    LeadRow.index(LeadRow.identity, where=_IS_DUPLICATE, name="leads_duplicate_identity"),
    # lists by creation, with or without duplicates; count_for_report and statistics, which read the index
    # alone; see test_each_query_uses_an_ordering_index
    LeadRow.index(LeadRow.created_at, LeadRow.id, LeadRow.duplicate_of, name="leads_created_at"),
    # lists by state, lists of waiting leads, and by_state; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.state,
        LeadRow.created_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=IS_LISTED,
        name="leads_listed_state_created_at",
    ),
    # lists by source, and by_source; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.source,
        LeadRow.created_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=IS_LISTED,
        name="leads_listed_source_created_at",
    ),
    # lists by owner; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.owner,
        LeadRow.created_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=_IS_OWNED,
        name="leads_owned_created_at",
    ),
    # lists by owner and state, and the board of one owner; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.owner,
        LeadRow.state,
        LeadRow.created_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=_IS_OWNED,
        name="leads_owned_state_created_at",
    ),
    # lists of unowned leads; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.created_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=LeadRow.owner.is_null(),
        name="leads_unowned_created_at",
    ),
    # lists by the time of the last update; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.updated_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=IS_LISTED,
        name="leads_listed_updated_at",
    ),
    # lists by follow-up; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.follow_up_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=IS_LISTED,
        name="leads_listed_follow_up_at",
    ),
    # delays and lost_after_contact; see test_contact_delays_use_an_index
    LeadRow.index(
        LeadRow.contact_delay,
        LeadRow.created_at,
        where=_IS_PRIMARY & LeadRow.contact_delay.is_null(is_null=False),
        name="leads_primary_contact_delay",
    ),
    # lists of all duplicates; see test_each_query_uses_an_ordering_index
    LeadRow.index(LeadRow.created_at, LeadRow.id, where=_IS_DUPLICATE, name="leads_duplicate_created_at"),
    # lists of one lead's duplicates, and the foreign key; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.duplicate_of,
        LeadRow.created_at,
        LeadRow.id,
        where=_IS_DUPLICATE,
        name="leads_duplicate_of_created_at",
    ),
    # imported; see test_lookups_use_an_index
    LeadRow.index(
        LeadRow.import_id,
        LeadRow.id,
        where=LeadRow.import_id.is_null(is_null=False),
        name="leads_import_id",
    ),
):
    LeadRow.add_index(_index)


class LeadSearchRow(peewee.Model):
    """The search terms of a lead; ``repositories.leads.full_text`` indexes them.

    Attributes:
        rank_id: a unique number; on SQLite it follows the time at which the lead was created.
        lead: unique, because updates, deletions and cursors find the row by its lead.
    """

    rank_id = peewee.BigAutoField()
    lead = peewee.ForeignKeyField(LeadRow, column_name="lead_id", unique=True, on_delete="CASCADE")
    search_document = SearchDocumentField()

    class Meta:
        table_name = "lead_search"
        legacy_table_names = False  # name the unique index after the table, not the class


class LeadHistoryRow(peewee.Model):
    """An entry of a lead's history, which outlives the lead.

    SQLite stores the rows in the primary key's B-tree: the entries of one lead are read together.

    Attributes:
        number: counts the entries of one lead, beginning with 1.
        corrects: the number of the entry whose note this one corrects, or null.
        changes: a JSON array, or null.
    """

    lead_id = peewee.TextField()
    number = peewee.IntegerField()
    version = peewee.IntegerField()
    at = TimestampField()
    actor = peewee.TextField()
    action = peewee.TextField()
    changes = peewee.TextField(null=True)
    note = peewee.TextField(null=True)
    corrects = peewee.IntegerField(null=True)
    request_id = peewee.TextField(null=True)

    class Meta:
        table_name = "lead_history"
        primary_key = peewee.CompositeKey("lead_id", "number")
        without_rowid = True


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
    # find_open, and at most one open follow-up per lead; see test_lookups_use_an_index
    FollowUpRow.index(FollowUpRow.lead, unique=True, where=_IS_OPEN, name="follow_ups_open_lead_id"),
    # of, erase, and the foreign key; see test_lookups_use_an_index
    FollowUpRow.index(FollowUpRow.lead, FollowUpRow.created_at, name="follow_ups_lead_id"),
    # open_page; see test_follow_up_list_uses_an_index
    FollowUpRow.index(FollowUpRow.due_at, FollowUpRow.id, where=_IS_OPEN, name="follow_ups_open_due_at"),
    # done_page; see test_follow_up_list_uses_an_index
    FollowUpRow.index(FollowUpRow.done_at, FollowUpRow.id, where=_IS_DONE, name="follow_ups_done_at"),
    # claim_unreminded; see test_unreminded_follow_ups_use_an_index
    FollowUpRow.index(
        FollowUpRow.due_at,
        FollowUpRow.id,
        where=_IS_OPEN & FollowUpRow.reminded_at.is_null(),
        name="follow_ups_unreminded_due_at",
    ),
):
    FollowUpRow.add_index(_index)


class LeadFileRow(peewee.Model):
    """A stored file of a lead.

    Attributes:
        id: unique among the files of the lead; ``RESUME_ID`` for its resume.
        content: the file; empty if a stored object holds it (uploads are never empty).
        object_key: the key of that object, or null.
    """

    lead = peewee.ForeignKeyField(LeadRow, column_name="lead_id", index=False)
    id = peewee.TextField()
    filename = peewee.TextField()
    content_type = peewee.TextField()
    size = peewee.IntegerField()
    sha256 = peewee.TextField()
    content = peewee.BlobField()
    object_key = peewee.TextField(null=True)

    class Meta:
        table_name = "lead_files"
        primary_key = peewee.CompositeKey("lead", "id")


class OrphanObjectRow(peewee.Model):
    """A stored object that may exist although no file refers to it; see the port ``FileStore``.

    Attributes:
        until: when the reservation expires; null once the object is marked for deletion.
    """

    key = peewee.TextField(primary_key=True)
    until = TimestampField(null=True)

    class Meta:
        table_name = "orphan_objects"


class IdempotencyKeyRow(peewee.Model):
    """A request with an idempotency key; ``response`` is the captured lead as JSON."""

    digest = peewee.TextField(primary_key=True)
    fingerprint = peewee.TextField()
    at = TimestampField()
    lead_id = peewee.TextField(null=True)
    response = peewee.TextField(null=True)

    class Meta:
        table_name = "idempotency_keys"


for _index in (
    # purge; see test_lookups_use_an_index
    IdempotencyKeyRow.index(IdempotencyKeyRow.at, name="idempotency_keys_at"),
    # erase; see test_lookups_use_an_index
    IdempotencyKeyRow.index(IdempotencyKeyRow.lead_id, name="idempotency_keys_lead_id"),
):
    IdempotencyKeyRow.add_index(_index)


class QuarantinedLeadRow(peewee.Model):
    """A quarantined lead.

    Attributes:
        lead: the lead as JSON; releasing it makes it a row of ``leads``.
        content: the contents of its files, one after the other; their sizes are in ``lead``.
    """

    id = peewee.TextField(primary_key=True)
    received_at = TimestampField()
    identity = peewee.TextField()
    reason = peewee.TextField()
    lead = peewee.TextField()
    consent = peewee.TextField(null=True)
    request_id = peewee.TextField(null=True)
    content = peewee.BlobField(null=True)

    class Meta:
        table_name = "quarantine"


for _index in (
    # page and purge; see test_lookups_use_an_index
    QuarantinedLeadRow.index(
        QuarantinedLeadRow.received_at, QuarantinedLeadRow.id, name="quarantine_received_at"
    ),
    # page of one reason; see test_lookups_use_an_index
    QuarantinedLeadRow.index(
        QuarantinedLeadRow.reason,
        QuarantinedLeadRow.received_at,
        QuarantinedLeadRow.id,
        name="quarantine_reason_received_at",
    ),
    # of, for personal data exports and erasure; see test_lookups_use_an_index
    QuarantinedLeadRow.index(QuarantinedLeadRow.identity, name="quarantine_identity"),
):
    QuarantinedLeadRow.add_index(_index)
