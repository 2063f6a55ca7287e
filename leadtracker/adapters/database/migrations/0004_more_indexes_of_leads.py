"""Index repeat enquiries and unowned leads for lists, and the leads of an import by creation."""

from typing import Any

import peewee

_ANSWERED = """(("duplicate_of" IS NOT NULL) AND ("state" != 'PENDING'))"""
_DUE_AND_UNOWNED = """(("owner" IS NULL) AND ("follow_up_at" < '9999-12-31T23:59:59.999999Z'))"""
_DUPLICATE = """("duplicate_of" IS NOT NULL)"""

KEEPS_ROWS = True
"""Backups from before can still be restored."""


_INDEXES = (
    ("leads_answered_duplicate_source_created_at", "source, created_at, id", _ANSWERED),
    ("leads_answered_duplicate_state_created_at", "state, created_at, id", _ANSWERED),
    ("leads_answered_duplicate_updated_at", "updated_at, id, owner, state, source", _ANSWERED),
    ("leads_answered_duplicate_follow_up_at", "follow_up_at, id, owner, state, source", _ANSWERED),
    ("leads_unowned_follow_up_at", "follow_up_at, id, duplicate_of", _DUE_AND_UNOWNED),
    ("leads_import_id", "import_id, created_at, id", """("import_id" IS NOT NULL)"""),
    (
        "leads_duplicate_created_at",
        "created_at, id, owner, state, source, updated_at, follow_up_at",
        _DUPLICATE,
    ),
)


def up(_migrator: Any, db: peewee.Database) -> None:
    """Create three indexes and widen four; a new lead that is not imported is written into none of them."""
    for name, columns, condition in _INDEXES:
        quoted = ", ".join(f'"{column}"' for column in columns.split(", "))
        db.execute_sql(f'DROP INDEX IF EXISTS "{name}"')
        db.execute_sql(f'CREATE INDEX "{name}" ON "leads" ({quoted}) WHERE {condition}')
