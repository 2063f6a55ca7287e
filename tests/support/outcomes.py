"""Asking for something that may be refused, where either answer can be right."""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")
Refusal = TypeVar("Refusal", bound=Exception)


def outcome_of(call: Callable[[], Value], refusal: type[Refusal]) -> Value | Refusal:
    """What ``call()`` returns, or the ``refusal`` it raises; anything else is raised."""
    try:
        return call()
    except refusal as error:
        return error
