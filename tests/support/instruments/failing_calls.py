"""Fail a chosen call of the database, to see what a use case leaves behind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import peewee
from attrs import define

from leadtracker.adapters.database.engine import statements, write_batching
from tests.faults.harness.planting import replaced

_CALLS = ("execute_sql", "commit")


@define
class DatabaseCalls:
    """Counts the calls of the database, and fails one of them.

    Attributes:
        failing: the number of the call that fails; 0 for none.
    """

    made: int = 0
    failing: int = 0

    def fail(self, number: int) -> None:
        self.made, self.failing = 0, number

    def wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            if self.failing:
                self.made += 1
                if self.made == self.failing:
                    raise peewee.OperationalError("this call fails on purpose")
            return call(*arguments, **options)

        return counted


@contextmanager
def counted_calls() -> Iterator[DatabaseCalls]:
    """Count the calls within the block."""
    calls = DatabaseCalls()
    many = calls.wrap(write_batching.execute_many)
    with ExitStack() as stack:
        for owner in _classes(peewee.Database):
            parts = {name: calls.wrap(vars(owner)[name]) for name in _CALLS if name in vars(owner)}
            stack.enter_context(replaced(owner, **parts))
        for module in (write_batching, statements):
            stack.enter_context(replaced(module, execute_many=many))
        yield calls


def _classes(owner: type) -> list[type]:
    """Return a class and all that inherit from it."""
    found = [owner]
    child: type
    for child in owner.__subclasses__():
        found += _classes(child)
    return found
