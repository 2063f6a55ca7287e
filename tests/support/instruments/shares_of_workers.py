"""The order of tests in a run with several workers: those that wait run beside those that compute.

pytest-xdist gives each worker an equal part of the collected tests, one after the other, and lets a worker
that has finished take over half of what another one still has, from the end. In the order of folders every
worker would wait at the same time, for browsers, servers and processes, and the cores would be idle.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import pytest

Item = TypeVar("Item")

_WAITING = tuple(f"tests/integration/{name}/" for name in ("bench", "browser", "docs", "scheduler", "system"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Arrange the tests for the workers of pytest-xdist; without workers, the order is that of the files."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    if workers > 1:
        waiting = [item for item in items if item.nodeid.startswith(_WAITING)]
        computing = [item for item in items if not item.nodeid.startswith(_WAITING)]
        items[:] = arranged(waiting, computing, workers)


def arranged(waiting: Sequence[Item], computing: Sequence[Item], workers: int) -> list[Item]:
    """Return both kinds of tests in the order in which every second worker begins with those that wait.

    What computes comes last everywhere: these tests are short, so that the workers end at the same time.
    """
    remaining = iter(computing)
    sizes = _parts(len(waiting) + len(computing), workers)
    beginnings = _parts(len(waiting), max(1, workers // 2))
    order: list[Item] = []
    start = 0
    for size in sizes:
        beginning = next(beginnings, 0)
        order += waiting[start : start + beginning]
        start += beginning
        order += [item for _, item in zip(range(size - beginning), remaining, strict=False)]
    return [*order, *remaining]


def _parts(number: int, workers: int) -> Iterator[int]:
    """Yield the sizes of equal parts, as pytest-xdist cuts them."""
    for left in range(workers, 0, -1):
        size = number // left
        number -= size
        yield size
