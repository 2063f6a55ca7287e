"""Names in statements: those of the values that are bound to them, and those of the columns of their rows."""

from collections import namedtuple
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import peewee
from attrs import frozen

Row = Any
"""A named tuple with one field per selected column, called as the column or its alias is."""


@frozen
class Parameter:
    """A bind parameter: stands for the value called ``name`` in a statement that is compiled once."""

    name: str


def param(name: str) -> peewee.Value:
    """A bind parameter as a part of a Peewee query."""
    return peewee.Value(Parameter(name), converter=False)


def row_type(names: Iterable[str]) -> Callable[[Iterable[Any]], Row]:
    """Make a function that turns values into a row with these names; invalid names are numbered."""
    row = namedtuple("Row", list(names), rename=True)  # type: ignore[misc]  # noqa: PYI024 - names come at run time
    return partial(tuple.__new__, row)  # as ``_make`` does, without checking the length of every row
