"""Slow down guesses at the password of one account that come from many addresses."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b

from attrs import define, field

from leadtracker.domain.errors import PasswordHashingBusy

_FREE_FAILURES = 10
_FIRST_DELAY_SECONDS, _MAX_DELAY_SECONDS = 0.25, 3.0
_FORGOTTEN_AFTER_SECONDS = 15 * 60
_MAX_WAITING = 4
_MAX_ACCOUNTS = 10_000


@define
class AccountDelay:
    """Delays the verification of a password after many wrong ones for the same name.

    The right password always works: an attacker can slow the user down by a few seconds, but lock no account.
    Names are kept as digests, known or not, so that the delay reveals no user. Few requests wait at a time,
    so that they do not occupy the threads of others.
    """

    _sleep: Callable[[float], None] = time.sleep
    _clock: Callable[[], float] = time.monotonic
    _failures: dict[bytes, tuple[int, float]] = field(factory=dict, init=False)
    _waiting: threading.BoundedSemaphore = field(
        factory=lambda: threading.BoundedSemaphore(_MAX_WAITING), init=False
    )

    def wait(self, name: str) -> None:
        """Wait as long as the failures of ``name`` demand.

        Raises:
            PasswordHashingBusy: too many requests are waiting already.
        """
        seconds = self._seconds(_digest(name))
        if not seconds:
            return
        with self._turn():
            self._sleep(seconds)

    def record_failure(self, name: str) -> None:
        """Count a wrong password for ``name``."""
        key, now = _digest(name), self._clock()
        count, _ = self._recent(key)
        if len(self._failures) >= _MAX_ACCOUNTS:
            self._failures.pop(next(iter(self._failures)), None)
        self._failures[key] = (count + 1, now)

    def _recent(self, key: bytes) -> tuple[int, float]:
        count, at = self._failures.get(key, (0, 0.0))
        return (count, at) if self._clock() - at < _FORGOTTEN_AFTER_SECONDS else (0, 0.0)

    def _seconds(self, key: bytes) -> float:
        excess = self._recent(key)[0] - _FREE_FAILURES
        return min(_FIRST_DELAY_SECONDS * 2.0 ** min(excess, 10), _MAX_DELAY_SECONDS) if excess >= 0 else 0.0

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._waiting.acquire(blocking=False):
            raise PasswordHashingBusy
        try:
            yield
        finally:
            self._waiting.release()


def _digest(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()
