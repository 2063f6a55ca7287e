"""A fixed number of threads that run functions for an event loop."""

import asyncio
import threading
from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeAlias, TypeVar

Result = TypeVar("Result")
_Call: TypeAlias = tuple[
    Callable[..., Any], tuple[object, ...], Callable[["Future[Any]", Any], None], "Future[Any]"
]
"""A function, its arguments, what takes its result, and the future that the caller awaits."""

_POLL_SECONDS = 0.05


class WorkerThreads:
    """Runs functions in threads, first come, first served.

    Cheaper per call than ``ThreadPoolExecutor``, whose futures need a lock and a condition each.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._calls: SimpleQueue[_Call] = SimpleQueue()
        self._finished: deque[tuple[Future[Any], Any]] = deque()
        self._unfinished = 0
        self._loop: AbstractEventLoop | None = None

    async def run(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Return what ``function`` returns.

        Raises:
            Exception: whatever ``function`` raises.
        """
        loop = self._open()
        done: Future[Result] = loop.create_future()
        self._calls.put((function, arguments, self._complete_at_once, done))
        return await done

    async def run_last(self, function: Callable[..., None], *arguments: object) -> None:
        """Run the last function of a request, whose end the event loop may notice a little later.

        To wake the event loop for each response that a thread has sent would take a tenth of the time of a
        small request. The ends are noticed with the next request, or after 50 ms.
        """
        loop = self._open()
        self._complete_finished()
        if not self._unfinished:
            loop.call_later(_POLL_SECONDS, self._poll)
        self._unfinished += 1
        done: Future[None] = loop.create_future()
        self._calls.put((function, arguments, self._complete_later, done))
        await done

    def _open(self) -> AbstractEventLoop:
        """Start the threads on first use: a process that forks must not have any."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            for _ in range(self._number):
                threading.Thread(target=self._work, daemon=True).start()
        return self._loop

    def _work(self) -> None:
        while True:
            function, arguments, report, done = self._calls.get()
            try:
                result = function(*arguments)
            except BaseException as error:  # noqa: BLE001 - raised again where the result is awaited
                result = error
            report(done, result)
            del function, arguments, done, result  # or the request would live until the thread's next one

    def _complete_at_once(self, done: "Future[Any]", result: object) -> None:
        done.get_loop().call_soon_threadsafe(_complete, done, result)

    def _complete_later(self, done: "Future[Any]", result: object) -> None:
        self._finished.append((done, result))

    def _complete_finished(self) -> None:
        while self._finished:
            done, result = self._finished.popleft()
            self._unfinished -= 1
            _complete(done, result)

    def _poll(self) -> None:
        self._complete_finished()
        if self._unfinished:
            asyncio.get_running_loop().call_later(_POLL_SECONDS, self._poll)


def _complete(done: "Future[Any]", result: object) -> None:
    if done.done():  # cancelled
        return
    if isinstance(result, BaseException):
        done.set_exception(result)
    else:
        done.set_result(result)
