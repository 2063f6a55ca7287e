"""Simulated processes: threads of which exactly one runs at a time, until it pauses."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from leadtracker.domain.ports.system import Clock


class Crashed(BaseException):
    """Ends the work of a process at the place where it is raised; no code of the program may catch it."""


class _Stopped(BaseException):
    """Ends the thread of a process at the end of the simulation."""


class Process:
    """A process that does its work again and again, restarting after each crash.

    Attributes:
        work: done once for each turn; False if there was nothing to do.
        is_idle: true if there was nothing to do; the world wakes the process when time has passed.
        frozen_until: until when the process does not run at all; None if it may run.
        clock_offset: by how much the clock of the process is fast.
        latest_read: the latest time that the process has read from its clock.
        error: the error that ended the process, which is a bug of the program or a broken promise.
    """

    def __init__(self, name: str, work: Callable[[], bool]) -> None:
        self.name = name
        self.work = work
        self.is_idle = False
        self.frozen_until: datetime | None = None
        self.clock_offset = timedelta(0)
        self.latest_read = datetime.min.replace(tzinfo=UTC)
        self.error: Exception | None = None
        self._is_stopping = False
        self._may_run, self._has_paused = threading.Lock(), threading.Lock()
        self._may_run.acquire()
        self._has_paused.acquire()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def resume(self) -> None:
        """Run the process until it pauses; for the thread that controls the processes."""
        self._may_run.release()
        self._has_paused.acquire()
        if self.error:
            raise self.error

    def pause(self) -> None:
        """Wait until the process may continue; for its own thread."""
        self._has_paused.release()
        self._wait()

    def stop(self) -> None:
        """End the thread wherever it has paused."""
        self._is_stopping = True
        self._may_run.release()
        self._thread.join()

    def _wait(self) -> None:
        self._may_run.acquire()
        if self._is_stopping:
            raise _Stopped

    def _run(self) -> None:
        try:
            self._wait()
            while self._works():
                self.pause()
        except _Stopped:
            return
        self._has_paused.release()
        self._may_run.acquire()

    def _works(self) -> bool:
        try:
            self.is_idle = not self.work()
        except Crashed:
            pass  # it restarts in its next turn
        except Exception as error:  # noqa: BLE001 - the controlling thread raises it
            self.error = error
        return self.error is None


class ProcessClock(Clock):
    """The clock of a process: the time of the world, and the process's offset.

    Args:
        time: returns the time of the world, after a step.
        process: whose clock it is.
    """

    def __init__(self, time: Callable[[], datetime], process: Callable[[], Process]) -> None:
        self._time = time
        self._process = process

    def now(self) -> datetime:
        """Return the time as the process reads it."""
        time, process = self._time(), self._process()
        now = time + process.clock_offset
        process.latest_read = max(process.latest_read, now)
        return now
