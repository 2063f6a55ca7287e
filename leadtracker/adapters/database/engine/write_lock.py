"""Locks for writers: between the threads of a process, and between processes."""

import fcntl
import os
import time
from collections import deque
from pathlib import Path
from threading import Lock

_POLL_INTERVAL_SECONDS = 0.0003


class FairLock:
    """One thread at a time, in the order in which they asked."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_locked = False
        self._waiting: deque[Lock] = deque()  # each is released when its owner's turn has come

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def acquire(self, seconds: float) -> bool:
        """Wait for a turn, at most that long; whether it came."""
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
                return True  # it came in the last moment
            self._waiting.remove(mine)
        return False

    def hand_off(self) -> bool:
        """Let whoever has waited the longest go on; False, and it stays one's own turn, if nobody waits."""
        with self._lock:
            if not self._waiting:
                return False
            self._waiting.popleft().release()
        return True

    def release(self) -> None:
        """End one's own turn."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_locked = False


class InterProcessLock:
    """One process at a time on this host, and none of them twice while another is waiting.

    Two locked files make it fair. Whoever wants a turn waits at the gate first; who has just had one finds
    the gate closed by whoever is next. A process that dies lets go of both.
    """

    def __init__(self, lock: Path, gate: Path) -> None:
        self._lock_file = _LockedFile(lock)
        self._gate_file = _LockedFile(gate)

    def acquire(self, seconds: float) -> bool:
        """Wait for a turn, at most that long; whether it came.

        Raises:
            OSError: the files cannot be made.
        """
        deadline = time.monotonic() + seconds
        if not self._gate_file.lock(deadline):
            return False
        try:
            return self._lock_file.lock(deadline)
        finally:
            self._gate_file.unlock()

    def release(self) -> None:
        """End one's own turn."""
        self._lock_file.unlock()

    def close(self) -> None:
        """Let go of the files."""
        self._lock_file.close()
        self._gate_file.close()


class _LockedFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def lock(self, deadline: float) -> bool:
        # Not by waiting within flock, which knows no time limit: a stopped process may hold the lock.
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
