"""The tables of leads, their search terms and their history; ``lead_indexes`` has the indexes of leads."""

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import SearchDocumentField, TimestampField

RANK_IDS_PER_SECOND = 1 << 25
"""More leads than one second brings; the seconds of the years 1 to 9999 fit into the rest of 64 bits."""


class LeadRow(peewee.Model):
    """A lead.

    Attributes:
        identity: the key of the e-mail address, else that of the phone number. It is unique among primary
            leads, which makes two primary leads of one person impossible under any concurrency.
        owner: the name of a user. No foreign key, since a backup or an import may name one who is not here.
        assigned_number: its position in the order of assignment by turns, from 1; null without one.
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


class LeadSearchRow(peewee.Model):
    """The search terms of a lead; ``repositories.leads.pages.search`` indexes them.

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
