"""Locks are granted in the order of requests, time out, and are released when their process dies."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from leadtracker.adapters.database.engine.write_lock import FairLock, InterProcessLock
from tests.support.instruments.polling import eventually

TIMEOUT_SECONDS = 10.0
HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "lock", tmp_path / "gate"


def test_lock_is_granted_in_request_order() -> None:
    lock, order = FairLock(), list[int]()
    assert lock.acquire(0)

    def work(number: int) -> None:
        assert lock.acquire(TIMEOUT_SECONDS)
        order.append(number)
        lock.release()

    with ThreadPoolExecutor(8) as pool:
        for number in range(8):
            pool.submit(work, number)
            eventually(lambda: lock.waiting == number + 1, "a thread waits")  # noqa: B023 - is called here
        lock.release()
    assert order == list(range(8))


def test_lock_acquisition_times_out() -> None:
    lock = FairLock()
    assert lock.acquire(0)
    assert not lock.acquire(0.01)
    assert not lock.hand_off()
    lock.release()
    assert lock.acquire(0)


def test_lock_is_handed_off_only_to_a_waiter() -> None:
    lock = FairLock()
    assert lock.acquire(0)
    assert not lock.hand_off()
    with ThreadPoolExecutor(1) as pool:
        waiter = pool.submit(lock.acquire, TIMEOUT_SECONDS)
        eventually(lambda: lock.waiting == 1, "a thread waits")
        assert lock.hand_off()
        assert waiter.result(TIMEOUT_SECONDS)
    assert not lock.acquire(0)


def test_lock_excludes_other_processes(files: tuple[Path, Path]) -> None:
    one, other = InterProcessLock(*files), InterProcessLock(*files)
    assert one.acquire(0)
    assert not other.acquire(0.01)
    one.release()
    assert other.acquire(0)
    one.close()
    other.close()


def test_lock_is_released_when_its_process_ends(files: tuple[Path, Path]) -> None:
    lock = InterProcessLock(*files)
    for file in files:
        with subprocess.Popen(
            [sys.executable, "-c", HOLDER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"locked\n"
            assert not lock.acquire(0.01)
            holder.kill()
            holder.wait(TIMEOUT_SECONDS)
        assert lock.acquire(TIMEOUT_SECONDS)
        lock.release()
    lock.close()


def test_previous_holder_queues_behind_waiters(files: tuple[Path, Path]) -> None:
    one, other = InterProcessLock(*files), InterProcessLock(*files)
    assert one.acquire(0)
    order: list[str] = []

    def wait() -> None:
        assert other.acquire(TIMEOUT_SECONDS)
        order.append("other")
        other.release()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait)
        eventually(lambda: not _is_free(files[1]), "the gate is closed")
        one.release()
        assert one.acquire(TIMEOUT_SECONDS)
        order.append("one")
        one.release()
        waiting.result(TIMEOUT_SECONDS)
    assert order == ["other", "one"]
    one.close()
    other.close()


def _is_free(gate: Path) -> bool:
    probe = InterProcessLock(gate, gate.with_name("probe"))
    is_free = probe.acquire(0)
    probe.close()
    return is_free
