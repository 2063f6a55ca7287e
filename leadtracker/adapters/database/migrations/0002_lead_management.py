"""The history of leads, follow-ups, idempotency keys, search, and what leads need for them.

The models are copies, frozen on the day this was written, so that later changes of the tables leave this
step as it is. Words are those of today's rules; when the rules change, a later step writes them anew.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import peewee

from leadtracker.adapters.database.tables import SearchDocumentField, TimestampField
from leadtracker.domain.model.leads.search import terms_in

_NEVER = "9999-12-31T23:59:59.999999Z"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANK_IDS_PER_SECOND = 1 << 25


def up(_migrator: Any, db: peewee.Database) -> None:
    """Create the new tables, give leads their new columns, and fill in what old leads need."""
    is_sqlite = isinstance(db, peewee.SqliteDatabase)
    _rebuild_leads(db)
    _create_tables(db)
    for statement in _SQLITE_SEARCH if is_sqlite else _POSTGRES_SEARCH:
        db.execute_sql(statement)
    db.execute_sql(
        "INSERT INTO lead_history (lead_id, version, at, actor, action) "
        "SELECT id, version, created_at, 'migration', 'created' FROM leads ORDER BY created_at, id"
    )
    _write_search_documents(db, is_sqlite=is_sqlite)


def _rebuild_leads(db: peewee.Database) -> None:
    # Adding columns would leave a table that differs from one that is made anew.
    db.execute_sql("CREATE TABLE leads_before AS SELECT * FROM leads")
    db.execute_sql("DROP TABLE leads")

    class Lead(peewee.Model):
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

        class Meta:
            table_name = "leads"

    is_first = Lead.duplicate_of.is_null()
    is_duplicate = Lead.duplicate_of.is_null(is_null=False)
    by_time = (Lead.created_at, Lead.id)
    for index in (
        Lead.index(Lead.email_key, unique=True, where=is_first, name="leads_first_email_key"),
        Lead.index(*by_time, where=is_first, name="leads_first_created_at"),
        Lead.index(Lead.state, *by_time, where=is_first, name="leads_first_state_created_at"),
        Lead.index(Lead.source, *by_time, where=is_first, name="leads_first_source_created_at"),
        Lead.index(Lead.updated_at, Lead.id, where=is_first, name="leads_first_updated_at"),
        Lead.index(Lead.follow_up_at, Lead.id, where=is_first, name="leads_first_follow_up_at"),
        Lead.index(
            Lead.contact_delay,
            Lead.created_at,
            where=is_first & Lead.contact_delay.is_null(is_null=False),
            name="leads_first_contact_delay",
        ),
        Lead.index(*by_time, name="leads_created_at"),
        Lead.index(Lead.email_key, name="leads_email_key"),
        Lead.index(*by_time, where=is_duplicate, name="leads_duplicate_created_at"),
        Lead.index(Lead.duplicate_of, *by_time, where=is_duplicate, name="leads_duplicate_of_created_at"),
    ):
        Lead.add_index(index)
    with db.bind_ctx([Lead]):
        db.create_tables([Lead], safe=False)
    columns = ", ".join(field.column_name for field in Lead._meta.sorted_fields[:-2])
    db.execute_sql(
        f"INSERT INTO leads ({columns}, follow_up_at) SELECT {columns}, '{_NEVER}' FROM leads_before"  # noqa: S608 - constants
    )
    db.execute_sql("DROP TABLE leads_before")


def _create_tables(db: peewee.Database) -> None:
    class Lead(peewee.Model):
        id = peewee.TextField(primary_key=True)

        class Meta:
            table_name = "leads"

    class LeadSearch(peewee.Model):
        rank_id = peewee.BigAutoField()
        lead = peewee.ForeignKeyField(Lead, column_name="lead_id", unique=True, on_delete="CASCADE")
        search_document = SearchDocumentField()

        class Meta:
            table_name = "lead_search"
            legacy_table_names = False  # names indexes after the table, not the class

    class LeadHistory(peewee.Model):
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

    LeadHistory.add_index(
        LeadHistory.index(LeadHistory.lead_id, LeadHistory.number, name="lead_history_lead_id")
    )

    class FollowUp(peewee.Model):
        id = peewee.TextField(primary_key=True)
        lead = peewee.ForeignKeyField(Lead, column_name="lead_id", index=False)
        due_at = TimestampField(null=True)
        note = peewee.TextField(null=True)
        message = peewee.TextField(null=True)
        created_at = TimestampField()
        created_by = peewee.TextField()
        done_at = TimestampField(null=True)

        class Meta:
            table_name = "follow_ups"

    is_open = FollowUp.done_at.is_null()
    is_done = FollowUp.done_at.is_null(is_null=False)
    for index in (
        FollowUp.index(FollowUp.lead, unique=True, where=is_open, name="follow_ups_open_lead_id"),
        FollowUp.index(FollowUp.lead, FollowUp.created_at, name="follow_ups_lead_id"),
        FollowUp.index(FollowUp.due_at, FollowUp.id, where=is_open, name="follow_ups_open_due_at"),
        FollowUp.index(FollowUp.done_at, FollowUp.id, where=is_done, name="follow_ups_done_at"),
    ):
        FollowUp.add_index(index)

    class IdempotencyKey(peewee.Model):
        digest = peewee.TextField(primary_key=True)
        fingerprint = peewee.TextField()
        at = TimestampField()
        lead_id = peewee.TextField(null=True)
        response = peewee.TextField(null=True)

        class Meta:
            table_name = "idempotency_keys"

    for index in (
        IdempotencyKey.index(IdempotencyKey.at, name="idempotency_keys_at"),
        IdempotencyKey.index(IdempotencyKey.lead_id, name="idempotency_keys_lead_id"),
    ):
        IdempotencyKey.add_index(index)

    tables = [LeadSearch, LeadHistory, FollowUp, IdempotencyKey]
    with db.bind_ctx([Lead, *tables]):
        db.create_tables(tables, safe=False)


def _write_search_documents(db: peewee.Database, *, is_sqlite: bool) -> None:
    """Index old leads; on SQLite a lead's rank_id is made of the second in which it was created."""
    leads = db.execute_sql("SELECT id, first_name, last_name, email, message, phone, created_at FROM leads")
    taken: dict[int, int] = {}
    for lead_id, first_name, last_name, email, message, phone, created_at in leads.fetchall():
        words = terms_in((first_name, last_name, email, message or ""), phone or "")
        if is_sqlite:
            second = (datetime.fromisoformat(created_at) - _EPOCH) // timedelta(seconds=1)
            rank_id = second * _RANK_IDS_PER_SECOND + taken.setdefault(second, 0)
            taken[second] += 1
            db.execute_sql("INSERT INTO lead_search VALUES (?, ?, ?)", (rank_id, lead_id, " ".join(words)))
        else:
            statement = (
                "INSERT INTO lead_search (lead_id, search_document) VALUES (%s, array_to_tsvector(%s))"
            )
            db.execute_sql(statement, (lead_id, list(words)))


_POSTGRES_SEARCH = ("CREATE INDEX lead_search_document ON lead_search USING gin (search_document)",)

_SQLITE_SEARCH = (
    """
    CREATE VIRTUAL TABLE lead_search_index USING fts5(
        search_document, content='lead_search', content_rowid='rank_id', detail=none, columnsize=0,
        tokenize='ascii', prefix='1 2 3 4 5 6 7 8 9 10 11 12'
    )
    """,
    # Without this, the words of an erased person would stay in the index until it is rewritten.
    "INSERT INTO lead_search_index (lead_search_index, rank) VALUES ('secure-delete', 1)",
    """
    CREATE TRIGGER lead_search_inserted AFTER INSERT ON lead_search BEGIN
        INSERT INTO lead_search_index (rowid, search_document) VALUES (new.rank_id, new.search_document);
    END
    """,
    """
    CREATE TRIGGER lead_search_deleted AFTER DELETE ON lead_search BEGIN
        INSERT INTO lead_search_index (lead_search_index, rowid, search_document)
            VALUES ('delete', old.rank_id, old.search_document);
    END
    """,
    """
    CREATE TRIGGER lead_search_updated AFTER UPDATE ON lead_search BEGIN
        INSERT INTO lead_search_index (lead_search_index, rowid, search_document)
            VALUES ('delete', old.rank_id, old.search_document);
        INSERT INTO lead_search_index (rowid, search_document) VALUES (new.rank_id, new.search_document);
    END
    """,
)
