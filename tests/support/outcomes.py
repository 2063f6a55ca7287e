"""Asking for something that may be refused, where either answer can be right."""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")
Raised = TypeVar("Raised", bound=Exception)


def outcome_of(call: Callable[[], Value], expected: type[Raised]) -> Value | Raised:
    """What ``call()`` returns, or the ``expected`` error it raises; anything else is raised."""
    try:
        return call()
    except expected as error:
        return error
