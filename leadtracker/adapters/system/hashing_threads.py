"""Dedicated threads for slow functions, with a short queue."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from leadtracker.domain.errors import PasswordHashingBusy

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_NICENESS = 10


class HashingThreads:
    """Runs functions in a few threads of low priority; rejects them when too many are waiting.

    Args:
        number: the number of threads; they are started on first use, because a fork ends them.
        max_waiting: the maximum number of calls that wait for a thread.
    """

    def __init__(self, number: int, max_waiting: int) -> None:
        self._number = number
        self._places = threading.BoundedSemaphore(number + max_waiting)
        self._calls: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._starting = threading.Lock()
        self._process = 0

    def run(
        self, function: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        """Return what ``function`` returns, or raise what it raises.

        Raises:
            PasswordHashingBusy: too many calls are waiting.
        """
        if not self._places.acquire(blocking=False):
            raise PasswordHashingBusy
        try:
            self._start()
            result: Future[Result] = Future()
            self._calls.put((result, lambda: function(*args, **kwargs)))
            return result.result()
        finally:
            self._places.release()

    def _start(self) -> None:
        with self._starting:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            for _ in range(self._number):
                threading.Thread(target=self._work, name="hashing", daemon=True).start()

    def _work(self) -> None:
        with suppress(OSError, AttributeError):  # only Linux has a priority per thread
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while True:
            result, call = self._calls.get()
            try:
                result.set_result(call())
            except BaseException as error:  # noqa: BLE001 - raised again where the result is awaited
                result.set_exception(error)
