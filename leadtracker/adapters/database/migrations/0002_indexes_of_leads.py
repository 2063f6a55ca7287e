"""Index answered repeat enquiries by change and follow-up, and unowned leads in each state only."""

from typing import Any

import peewee

_ANSWERED = """(("duplicate_of" IS NOT NULL) AND ("state" != 'PENDING'))"""

KEEPS_ROWS = True
"""Backups from before can still be restored."""


def up(_migrator: Any, db: peewee.Database) -> None:
    """Create two indexes, and drop one that every new lead without an owner had to be written into."""
    for column in ("updated_at", "follow_up_at"):
        name = f"leads_answered_duplicate_{column}"
        db.execute_sql(f'CREATE INDEX "{name}" ON "leads" ("{column}", "id") WHERE {_ANSWERED}')
    db.execute_sql('DROP INDEX "leads_unowned_created_at"')
