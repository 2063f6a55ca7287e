"""Calls of which both success and an expected error are correct."""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")
Raised = TypeVar("Raised", bound=Exception)


def result_or_error(call: Callable[[], Value], expected: type[Raised]) -> Value | Raised:
    """Return the result of ``call()`` or the ``expected`` error that it raises; let other errors pass."""
    try:
        return call()
    except expected as error:
        return error
