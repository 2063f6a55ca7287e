"""Wait for a condition that another thread or process fulfils, up to a time limit."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

_POLL_INTERVAL_SECONDS = 0.02


def eventually(look: Callable[[], Value | None], what: str, seconds: float = 180.0) -> Value:
    """Call ``look`` repeatedly until it returns a true value, and return that.

    Raises:
        AssertionError: ``what`` has not come about in time.
    """
    deadline = time.monotonic() + seconds
    while not (value := look()):
        if time.monotonic() > deadline:
            message = f"waited {seconds} s in vain: {what}"
            raise AssertionError(message)
        time.sleep(_POLL_INTERVAL_SECONDS)
    return value
