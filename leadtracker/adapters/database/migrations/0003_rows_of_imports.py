"""Record the number of rows of an imported file."""

from typing import Any

import peewee

KEEPS_ROWS = True
"""Backups from before can still be restored."""


def up(_migrator: Any, db: peewee.Database) -> None:
    """Append a column, which is empty for earlier imports."""
    db.execute_sql('ALTER TABLE "imports" ADD COLUMN "rows" INTEGER')
