"""Put the creation and the owner or state into the indexes of lists by change and by follow-up.

It is separate from the migration before, so that submissions do not wait for all indexes at once.
"""

from typing import Any

import peewee

_LISTED = """(("duplicate_of" IS NULL) OR ("state" = 'PENDING'))"""
_OWNED = """("owner" IS NOT NULL)"""

KEEPS_ROWS = True
"""Backups from before can still be restored."""

_INDEXES = (
    ("leads_listed_updated_at", "updated_at, id, duplicate_of, state, created_at, owner", _LISTED),
    ("leads_listed_follow_up_at", "follow_up_at, id, duplicate_of, created_at, owner", _LISTED),
    ("leads_owned_updated_at", "owner, updated_at, id, duplicate_of, created_at, state", _OWNED),
    ("leads_owned_follow_up_at", "owner, follow_up_at, id, duplicate_of, created_at, state", _OWNED),
)


def up(_migrator: Any, db: peewee.Database) -> None:
    """Widen four indexes."""
    for name, columns, condition in _INDEXES:
        quoted = ", ".join(f'"{column}"' for column in columns.split(", "))
        db.execute_sql(f'DROP INDEX "{name}"')
        db.execute_sql(f'CREATE INDEX "{name}" ON "leads" ({quoted}) WHERE {condition}')
