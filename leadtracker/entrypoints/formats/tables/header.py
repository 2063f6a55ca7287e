"""Find the header of a table: in its first row, or below a title and notes, as in many spreadsheets."""

from collections.abc import Iterable

from leadtracker.domain.model.leads.inputs.column_names import REQUIRED_COLUMNS, columns_named

MAX_ROWS_TO_HEADER = 10
"""A header that is not in the first row is looked for in so many rows."""


def is_header(cells: Iterable[str]) -> bool:
    """Return True if a row names the columns that a file needs."""
    named = set(columns_named(cells))
    return all(named.intersection(group) for group in REQUIRED_COLUMNS)
