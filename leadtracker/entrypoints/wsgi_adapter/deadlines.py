"""Deadlines of many tasks, checked by one timer."""

import asyncio
from asyncio import AbstractEventLoop, CancelledError, Task
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define, field

_CHECK_SECONDS = 0.5


@define(eq=False)
class Deadline:
    """The deadline of a task, in seconds of the event loop's clock."""

    task: "Task[Any]"
    at: float
    has_passed: bool = False


@define
class Deadlines:
    """Cancels tasks that take too long, within half a second.

    ``asyncio.timeout`` is exact, but costs each request a timer, although nearly all end long before their
    deadlines.
    """

    _open: set[Deadline] = field(factory=set, init=False)

    @contextmanager
    def within(self, seconds: float) -> Iterator[Deadline]:
        """Give the current task ``seconds`` for the block; ``Deadline.at`` may be changed within it.

        Raises:
            TimeoutError: the deadline has passed.
        """
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is None:
            message = "A deadline needs a task."
            raise RuntimeError(message)
        deadline = Deadline(task, loop.time() + seconds)
        if not self._open:
            loop.call_later(_CHECK_SECONDS, self._check, loop)
        self._open.add(deadline)
        try:
            yield deadline
        except CancelledError:
            if not deadline.has_passed or task.uncancel():
                raise
            raise TimeoutError from None
        finally:
            self._open.discard(deadline)

    def _check(self, loop: AbstractEventLoop) -> None:
        now = loop.time()
        for deadline in self._open:
            if deadline.at <= now and not deadline.has_passed:
                deadline.has_passed = True
                deadline.task.cancel()
        if self._open:
            loop.call_later(_CHECK_SECONDS, self._check, loop)
