"""Bind parameters: named placeholders for values in a statement that is compiled once and executed often."""

import peewee
from attrs import frozen


@frozen
class Parameter:
    """A place for the value called ``name``."""

    name: str


def param(name: str) -> peewee.Value:
    """A parameter as a part of a statement."""
    return peewee.Value(Parameter(name), converter=False)
