"""Fair locks for writers: one between the threads of a process, one between processes."""

import fcntl
import os
import time
from collections import deque
from pathlib import Path
from threading import Lock

_POLL_INTERVAL_SECONDS = 0.0003


class FairLock:
    """A lock that threads get in the order in which they asked for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_locked = False
        self._waiting: deque[Lock] = deque()  # each is released when its owner gets the fair lock

    @property
    def waiting(self) -> int:
        """The number of threads that wait."""
        return len(self._waiting)

    def acquire(self, seconds: float) -> bool:
        """Wait for the lock, at most that long; return False on timeout."""
        with self._lock:
            if not self._is_locked:
                self._is_locked = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._lock:
            if mine not in self._waiting:
                return True  # it was handed over between the timeout and this check
            self._waiting.remove(mine)
        return False

    def hand_off(self) -> bool:
        """Pass the lock to the thread that has waited longest; return False and keep it if none waits."""
        with self._lock:
            if not self._waiting:
                return False
            self._waiting.popleft().release()
        return True

    def release(self) -> None:
        """Release the lock, or pass it to the thread that has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_locked = False


class InterProcessLock:
    """A lock between the processes of one host that no process gets twice while another one waits.

    Two locked files make it fair. A process waits at the gate before it waits for the lock, and keeps the
    gate closed until it has the lock, so the previous holder queues up behind it. The operating system
    releases both files when a process dies.

    Args:
        lock: the file whose lock admits a writer.
        gate: the file whose lock admits one process to the queue.
    """

    def __init__(self, lock: Path, gate: Path) -> None:
        self._lock_file = _LockedFile(lock)
        self._gate_file = _LockedFile(gate)

    def acquire(self, seconds: float) -> bool:
        """Wait for the lock, at most that long; return False on timeout.

        Raises:
            OSError: the files cannot be created.
        """
        deadline = time.monotonic() + seconds
        if not self._gate_file.lock(deadline):
            return False
        try:
            return self._lock_file.lock(deadline)
        finally:
            self._gate_file.unlock()

    def release(self) -> None:
        """Release the lock; does nothing if this process does not hold it."""
        self._lock_file.unlock()

    def close(self) -> None:
        """Close both files."""
        self._lock_file.close()
        self._gate_file.close()


class _LockedFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def lock(self, deadline: float) -> bool:
        # Polling, because a blocking flock has no timeout and a stopped process may hold the lock.
        while not self._try():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_INTERVAL_SECONDS)
        return True

    def unlock(self) -> None:
        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _try(self) -> bool:
        if self._handle is None:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
