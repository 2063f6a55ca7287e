"""Direct reads and writes of a database, without the application."""

import json
from typing import Any

from attrs import frozen

from leadtracker.adapters.database.tables import TABLES
from leadtracker.domain.model.values.email_address import EmailAddress
from tests.support.database import connect

_INSERT_LEAD = """
    INSERT INTO leads (id, first_name, last_name, email, identity, state, created_at, updated_at, version,
                       follow_up_at, enquiries)
    VALUES (?, 'Ann', 'Lee', ?, ?, 'PENDING', ?, ?, 1, '9999-12-31T23:59:59.999999Z', 0)
"""


@frozen
class RawDatabase:
    """Direct access to a database of either kind."""

    url: str

    def execute(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Execute a statement with ``?`` for each value, commit, and return its rows."""
        statement = sql if self.url.startswith("sqlite:") else sql.replace("?", "%s")
        with connect(self.url) as connection:
            cursor = connection.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        [[number]] = self.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - the tests' own
        return int(number)

    def add_lead(self, email: str, created_at: str) -> None:
        """Store a lead with the given time of creation."""
        address = EmailAddress.parse(email)
        values = (f"id-{address.key}", address.text, address.key, created_at, created_at)
        self.execute(_INSERT_LEAD, *values)

    def dump(self) -> str:
        """Return all stored rows as one text."""
        names = [table._meta.table_name for table in TABLES]
        rows = {name: self.execute(f"SELECT * FROM {name}") for name in names}  # noqa: S608 - ours
        return json.dumps(rows, default=str)
