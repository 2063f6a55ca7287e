"""The columns of a file: each means a field, by its name in the header, or is an answer."""

from collections.abc import Iterable

from leadtracker.domain.model.leads.inputs.field_aliases import ALIASES, FULL_NAME
from leadtracker.domain.model.leads.inputs.field_names import MAX_INPUT_NAME_LENGTH, fields_named
from leadtracker.domain.model.leads.inputs.unnamed_inputs import field_of_part

REQUIRED_COLUMNS = (("first_name", "last_name", FULL_NAME), ("email", "phone"))
"""A file needs one column of each group."""


def columns_named(header: Iterable[str]) -> list[str]:
    """Return the name of each column of a file: the field that it means, or else its own name.

    A column under a field's own name comes before its aliases; of several aliases, the first counts. Only
    where no column means what a file needs, parts of names count, too, such as that of “Invitee Email”.
    """
    columns = [column.strip()[:MAX_INPUT_NAME_LENGTH] for column in header]
    fields = fields_named(columns)
    for group in REQUIRED_COLUMNS:
        if not set(group).intersection(fields):
            parts = [field_of_part(column) if not _is_of_user(column) else None for column in columns]
            fields = [
                field or (part if part in group else None) for field, part in zip(fields, parts, strict=True)
            ]
    return _distinct(columns, fields)


def _is_of_user(column: str) -> bool:
    """Return True for a column such as “User Email”: in a file, that is a colleague."""
    return column.lower().startswith("user")


def _distinct(columns: list[str], fields: list[str | None]) -> list[str]:
    """Return the fields of columns, each once, and the names of the other columns."""
    taken = {
        column for column, field in zip(columns, fields, strict=True) if column in ALIASES and field == column
    }
    names = []
    for column, field in zip(columns, fields, strict=True):
        if field is None or field in taken:
            names.append(column)
        else:
            taken.add(field)
            names.append(field)
    return names
