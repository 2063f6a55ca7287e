"""Turns come in the order of asking, end in time, and end with a process that dies."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from leadtracker.adapters.database.engine.write_lock import ProcessTurns, Turns
from tests.support.waiting import eventually

PATIENCE = 10.0
HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "turn", tmp_path / "gate"


def test_turns_come_in_the_order_of_asking() -> None:
    turns, order = Turns(), list[int]()
    assert turns.take(0)

    def work(number: int) -> None:
        assert turns.take(PATIENCE)
        order.append(number)
        turns.give_back()

    with ThreadPoolExecutor(8) as pool:
        for number in range(8):
            pool.submit(work, number)
            eventually(lambda: turns.waiting == number + 1, "a thread waits")  # noqa: B023 - is called here
        turns.give_back()
    assert order == list(range(8))


def test_a_turn_that_does_not_come_in_time_is_waited_for_no_longer() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)
    assert not turns.hand_over()
    turns.give_back()
    assert turns.take(0)


def test_a_turn_is_handed_over_only_to_somebody() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.hand_over()
    with ThreadPoolExecutor(1) as pool:
        waiter = pool.submit(turns.take, PATIENCE)
        eventually(lambda: turns.waiting == 1, "a thread waits")
        assert turns.hand_over()
        assert waiter.result(PATIENCE)
    assert not turns.take(0)


def test_processes_exclude_each_other(files: tuple[Path, Path]) -> None:
    one, other = ProcessTurns(*files), ProcessTurns(*files)
    assert one.take(0)
    assert not other.take(0.01)
    one.give_back()
    assert other.take(0)
    one.close()
    other.close()


def test_a_turn_and_a_place_at_the_gate_end_with_their_process(files: tuple[Path, Path]) -> None:
    turns = ProcessTurns(*files)
    for file in files:
        with subprocess.Popen(
            [sys.executable, "-c", HOLDER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"locked\n"
            assert not turns.take(0.01)
            holder.kill()
            holder.wait(PATIENCE)
        assert turns.take(PATIENCE)
        turns.give_back()
    turns.close()


def test_who_has_just_had_a_turn_waits_behind_who_is_at_the_gate(files: tuple[Path, Path]) -> None:
    one, other = ProcessTurns(*files), ProcessTurns(*files)
    assert one.take(0)
    order: list[str] = []

    def wait() -> None:
        assert other.take(PATIENCE)
        order.append("other")
        other.give_back()

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait)
        eventually(lambda: not _is_free(files[1]), "the gate is closed")
        one.give_back()
        assert one.take(PATIENCE)
        order.append("one")
        one.give_back()
        waiting.result(PATIENCE)
    assert order == ["other", "one"]
    one.close()
    other.close()


def _is_free(gate: Path) -> bool:
    probe = ProcessTurns(gate, gate.with_name("probe"))
    is_free = probe.take(0)
    probe.close()
    return is_free
