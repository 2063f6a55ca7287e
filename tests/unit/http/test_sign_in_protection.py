"""The brakes on guesses at passwords: networks instead of addresses, delays per name, a short queue."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from leadtracker.adapters.system.hashing_threads import HashingThreads
from leadtracker.domain.errors import PasswordHashingBusy
from leadtracker.entrypoints.http.auth.account_delay import AccountDelay
from leadtracker.entrypoints.http.auth.client_address import limit_keys
from tests.support.instruments.polling import eventually


@pytest.mark.parametrize(
    ("address", "keys"),
    [
        ("192.0.2.7", [("192.0.2.7", 1)]),
        ("2001:db8:1:2::3", [("2001:db8:1:2::/64", 1), ("2001:db8:1::/48", 8)]),
        ("2001:DB8:1:2:ffff::", [("2001:db8:1:2::/64", 1), ("2001:db8:1::/48", 8)]),
        ("fe80::1%eth0", [("fe80::/64", 1), ("fe80::/48", 8)]),
        ("::ffff:192.0.2.7", [("192.0.2.7", 1)]),
        ("", [("", 1)]),
        ("unknown", [("unknown", 1)]),
    ],
)
def test_ipv6_clients_are_counted_by_network(address: str, keys: list[tuple[str, int]]) -> None:
    assert limit_keys(address) == keys


def test_delay_grows_with_failures_and_ends() -> None:
    slept: list[float] = []
    delay = AccountDelay(slept.append)
    for _ in range(20):
        delay.wait("ann")
        delay.record_failure("ann")
    assert slept == sorted(slept)
    assert slept[0] < 1
    assert slept[-1] == 3  # longer would be a lock
    assert len(slept) == 10  # the first ten are free
    delay.wait("bob")
    assert len(slept) == 10


def test_failures_of_the_past_do_not_delay() -> None:
    now, slept = [0.0], list[float]()
    delay = AccountDelay(slept.append, lambda: now[0])
    for _ in range(20):
        delay.record_failure("ann")
    now[0] = 15 * 60
    delay.wait("ann")
    assert slept == []


def test_few_requests_wait_at_a_time() -> None:
    leave = threading.Event()

    def sleep(_seconds: float) -> None:
        leave.wait(10)

    delay = AccountDelay(sleep)
    for _ in range(20):
        delay.record_failure("ann")
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(delay.wait, "ann") for _ in range(4)]
        eventually(lambda: _is_busy(lambda: delay.wait("ann")), "four requests that wait")
        leave.set()
        assert [one.result() for one in waiting] == [None] * 4


def test_few_calls_wait_for_a_hashing_thread() -> None:
    leave, threads = threading.Event(), HashingThreads(number=1, max_waiting=2)
    with ThreadPoolExecutor(3) as callers:
        calls = [callers.submit(threads.run, leave.wait, 10) for _ in range(3)]
        eventually(lambda: _is_busy(lambda: threads.run(time.time)), "a full queue")
        leave.set()
        assert [call.result() for call in calls] == [True] * 3
    assert threads.run(len, "abc") == 3


def test_errors_of_a_hashing_thread_reach_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        HashingThreads(number=1, max_waiting=1).run(lambda: 1 / 0)


def _is_busy(call: object) -> bool:
    assert callable(call)
    try:
        call()
    except PasswordHashingBusy:
        return True
    return False
