"""A time limit for one thing after another, without a new thread for each."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_POLL_INTERVAL_SECONDS = 0.1


class TimeLimit:
    """Cuts short what takes too long; looks ten times a second, from one thread.

    Args:
        cut: called from that thread, at most once within a block of ``until``.
    """

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        self._lock = threading.Lock()
        self._deadline: float | None = None
        self._ended: threading.Event | None = None

    @contextmanager
    def until(self, deadline: float) -> Iterator[None]:
        """Let the block run until then, on the monotonic clock; for one thread at a time."""
        with self._lock:
            self._deadline = deadline
            if self._ended is None:
                self._ended = threading.Event()
                threading.Thread(target=self._watch, args=(self._ended,), daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                self._deadline = None

    def close(self) -> None:
        """End the thread; the next block would start another."""
        with self._lock:
            if self._ended is not None:
                self._ended.set()
                self._ended = None

    def _watch(self, ended: threading.Event) -> None:
        while not ended.wait(_POLL_INTERVAL_SECONDS):
            with self._lock:
                if self._deadline is not None and time.monotonic() >= self._deadline:
                    self._deadline = None
                    self._cut()
