"""The tables of leads, their search terms and their history."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import SearchDocumentField, TimestampField
from leadtracker.domain.model.leads.fields import TOUCH_FIELDS

RANK_IDS_PER_SECOND = 1 << 25
"""More leads than one second brings; the seconds of the years 1 to 9999 fit into the rest of 64 bits."""


class LeadRow(peewee.Model):
    """A lead.

    Attributes:
        identity: the key of the e-mail address, else that of the phone number. It is unique among primary
            leads, which makes two primary leads of one person impossible under any concurrency.
        owner: the name of a user. No foreign key, since a backup or an import may name one who is not here.
        assigned_number: its place in the order of assignment by turns, from 1; null without one.
        enquiries: the number of leads that link to this one, so that no list has to count them.
        enquiries_not_stored: the number of further ones that were quarantined instead.
        answers: a JSON object, or null.
        follow_up_at: ``NEVER``, the last timestamp, without a follow-up, so that such leads sort last.
        contact_delay: microseconds between the creation and the first contact.
        resume_filename: with the next three columns a copy of ``LeadFileRow``, so that lists of leads never
            read the table of files.
        attachments: the same of the other files, as ``attachments_to_json`` writes it.
        import_id: of ``LeadImportRow``, or null.
        hold: the reason of a legal hold, or null.
    """

    id = peewee.TextField(primary_key=True)
    first_name = peewee.TextField()
    last_name = peewee.TextField(null=True)
    email = peewee.TextField(null=True)
    identity = peewee.TextField()
    phone = peewee.TextField(null=True)
    message = peewee.TextField(null=True)
    source = peewee.TextField(null=True)
    lost_reason = peewee.TextField(null=True)
    utm_source = peewee.TextField(null=True)
    utm_medium = peewee.TextField(null=True)
    utm_campaign = peewee.TextField(null=True)
    utm_term = peewee.TextField(null=True)
    utm_content = peewee.TextField(null=True)
    gclid = peewee.TextField(null=True)
    referrer = peewee.TextField(null=True)
    landing_page = peewee.TextField(null=True)
    language = peewee.TextField(null=True)
    answers = peewee.TextField(null=True)
    state = peewee.TextField()
    owner = peewee.TextField(null=True)
    assigned_number = peewee.IntegerField(null=True)
    created_at = TimestampField()
    updated_at = TimestampField()
    version = peewee.IntegerField()
    duplicate_of = peewee.ForeignKeyField("self", null=True, column_name="duplicate_of", index=False)
    enquiries = peewee.IntegerField()
    enquiries_not_stored = peewee.IntegerField(constraints=[peewee.SQL("DEFAULT 0")])
    follow_up_at = TimestampField()
    contact_delay = peewee.BigIntegerField(null=True)
    resume_filename = peewee.TextField(null=True)
    resume_content_type = peewee.TextField(null=True)
    resume_size = peewee.IntegerField(null=True)
    resume_sha256 = peewee.TextField(null=True)
    attachments = peewee.TextField(null=True)
    import_id = peewee.TextField(null=True)
    hold = peewee.TextField(null=True)

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

IS_ANSWERED_DUPLICATE = _IS_DUPLICATE & (LeadRow.state != peewee.SQL("'PENDING'"))
"""All other leads, in the very words of their partial indexes."""
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
    # lists by source, by_source, last_captured, captured_by_hour; see test_each_query_uses_an_ordering_index,
    # test_lookups_use_an_index
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
    # lists by owner in the other orders; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.owner,
        LeadRow.updated_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=_IS_OWNED,
        name="leads_owned_updated_at",
    ),
    LeadRow.index(
        LeadRow.owner,
        LeadRow.follow_up_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=_IS_OWNED,
        name="leads_owned_follow_up_at",
    ),
    # lists by owner and source; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.owner,
        LeadRow.source,
        LeadRow.created_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=_IS_OWNED,
        name="leads_owned_source_created_at",
    ),
    # the last turn of assignment; see test_assignment_uses_an_index
    LeadRow.index(
        LeadRow.assigned_number,
        where=LeadRow.assigned_number.is_null(is_null=False),
        name="leads_assigned_number",
    ),
    # lists of held leads, which are few; see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.created_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=LeadRow.hold.is_null(is_null=False),
        name="leads_held_created_at",
    ),
    # lists of unowned leads by state, and their board; lists of all of them, which merge those of each state;
    # see test_each_query_uses_an_ordering_index
    LeadRow.index(
        LeadRow.state,
        LeadRow.created_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        where=LeadRow.owner.is_null(),
        name="leads_unowned_state_created_at",
    ),
    # lists by the time of the last update; see test_each_query_uses_an_ordering_index. With the state also
    # inactive leads; see test_lookups_use_an_index
    LeadRow.index(
        LeadRow.updated_at,
        LeadRow.id,
        LeadRow.duplicate_of,
        LeadRow.state,
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
    # lists of all leads by update and by follow-up, which merge these indexes with the two before; see
    # test_merged_list_reads_a_page_of_each_index. A new lead is in none of them.
    LeadRow.index(
        LeadRow.updated_at,
        LeadRow.id,
        where=IS_ANSWERED_DUPLICATE,
        name="leads_answered_duplicate_updated_at",
    ),
    LeadRow.index(
        LeadRow.follow_up_at,
        LeadRow.id,
        where=IS_ANSWERED_DUPLICATE,
        name="leads_answered_duplicate_follow_up_at",
    ),
    # delays; see test_lookups_use_an_index
    LeadRow.index(
        LeadRow.created_at,
        LeadRow.contact_delay,
        where=_IS_PRIMARY & LeadRow.contact_delay.is_null(is_null=False),
        name="leads_primary_contacted",
    ),
    # delays_from; see test_contact_delays_use_an_index
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
for _field in TOUCH_FIELDS:
    # lists by a part of the touch; see test_touch_filters_use_an_index. Without touches they are empty.
    _column = getattr(LeadRow, _field.name)
    _name = f"leads_{_field.name}_created_at"
    _parts = (_column, LeadRow.created_at, LeadRow.id, LeadRow.duplicate_of)
    LeadRow.add_index(LeadRow.index(*_parts, where=_column.is_null(is_null=False), name=_name))


class LeadSearchRow(peewee.Model):
    """The search terms of a lead; ``repositories.leads.pages.full_text`` indexes them.

    Attributes:
        rank_id: a unique number that begins with the second in which the lead was created.
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
