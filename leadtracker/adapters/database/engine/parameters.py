"""Slots: named places for values in a statement that is compiled once and executed often."""

import peewee
from attrs import frozen


@frozen
class Slot:
    """A place for the value called ``name``."""

    name: str


def slot(name: str) -> peewee.Value:
    """A slot as a part of a statement."""
    return peewee.Value(Slot(name), converter=False)
