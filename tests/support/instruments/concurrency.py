"""Run a function in many threads at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

_BARRIER_TIMEOUT_SECONDS = 30


def run_in_threads(count: int, work: Callable[[int], Result]) -> list[Result]:
    """Call ``work(0)`` … ``work(count - 1)`` in threads that start together, and return the results.

    The first exception that one of them raises is raised here.
    """
    start = threading.Barrier(count)

    def begin(number: int) -> Result:
        start.wait(_BARRIER_TIMEOUT_SECONDS)
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))
