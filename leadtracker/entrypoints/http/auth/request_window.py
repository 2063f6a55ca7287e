"""Counts of events per client address, in the memory of a process or in a storage that processes share."""

import math
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from leadtracker.entrypoints.http.auth.client_address import limit_keys
from leadtracker.settings import NO_LIMIT, Settings

Result = TypeVar("Result")

_NETWORK_SCHEMES = ("redis", "valkey")
_TIMEOUTS_SECONDS = {"socket_connect_timeout": 1, "socket_timeout": 1}


class RequestWindow:
    """Counts events per client address in a moving window.

    If the storage of the counts fails, no address is limited: an attacker who stops the storage must not lock
    all users out.

    Args:
        kind: the namespace of the counts.
        limit: the maximum number of events, and the length of the window.
        storage: the URI of the storage.
        counted: the events as a plural noun, for messages.
    """

    def __init__(self, kind: str, limit: RateLimitItem, storage: str, counted: str) -> None:
        self._kind = kind
        self._limit = limit
        self._storage = storage
        self._counted = counted
        self._limiter: MovingWindowRateLimiter | None = None
        self._opening = threading.Lock()
        # One thread at a time: in memory, the cleanup of old counts fails when two threads start it at once.
        self._counting = threading.Lock()

    def has_room(self, address: str, for_events: int = 1) -> bool:
        """Check whether ``address`` is below its limit by ``for_events`` or more."""
        return all(self._has_room(limit, key, for_events) for limit, key in self._limits_of(address))

    def count(self, address: str) -> bool:
        """Count an event; return False, and do not count it, if ``address`` has reached its limit."""
        with self._counting:
            limits = self._limits_of(address)
            if len(limits) > 1 and not self.has_room(address):
                return False
            counted = [self._hit(limit, key) for limit, key in limits]
            return all(counted)

    def is_unused(self, address: str) -> bool:
        """Check whether no event of ``address`` is counted."""
        return self.has_room(address, self._limit.amount)

    def too_many_requests(self, address: str) -> TooManyRequests:
        """Make the error for a client at ``address``, with the time in seconds until it may try again."""
        now = time.time()
        room_at = max(self._room_at(limit, key, now) for limit, key in self._limits_of(address))
        return TooManyRequests(
            f"Too many {self._counted} from this address.", retry_after=max(1, math.ceil(room_at - now))
        )

    def _limits_of(self, address: str) -> list[tuple[RateLimitItem, str]]:
        limit = self._limit
        return [
            (type(limit)(limit.amount * factor, limit.multiples), key) for key, factor in limit_keys(address)
        ]

    def _room_at(self, limit: RateLimitItem, key: str, now: float) -> float:
        """Return when the network ``key`` will be below its limit again, in seconds since 1970."""
        if self._ask(lambda limiter: limiter.test(limit, self._kind, key), otherwise=True):
            return now
        return self._ask(
            lambda limiter: limiter.get_window_stats(limit, self._kind, key).reset_time, otherwise=now
        )

    def _has_room(self, limit: RateLimitItem, key: str, events: int) -> bool:
        return self._ask(lambda limiter: limiter.test(limit, self._kind, key, cost=events), otherwise=True)

    def _hit(self, limit: RateLimitItem, key: str) -> bool:
        return self._ask(lambda limiter: limiter.hit(limit, self._kind, key), otherwise=True)

    def _ask(self, question: Callable[[MovingWindowRateLimiter], Result], *, otherwise: Result) -> Result:
        """Return what ``question`` returns, or ``otherwise`` if the storage fails."""
        try:
            return question(self._open())
        except Exception as error:  # noqa: BLE001 - each kind of storage raises other errors
            # The error's text is left out: it may contain the storage's URL with its password.
            structlog.get_logger(__name__).warning(
                f"{self._counted} cannot be counted", error=type(error).__name__
            )
            return otherwise

    def _open(self) -> MovingWindowRateLimiter:
        with self._opening:
            if self._limiter is None:
                options = _TIMEOUTS_SECONDS if self._storage.startswith(_NETWORK_SCHEMES) else {}
                self._limiter = MovingWindowRateLimiter(storage_from_string(self._storage, **options))
            return self._limiter


def window_of(kind: str, limit: str, settings: Settings, counted: str) -> RequestWindow | None:
    """Return the window of a rate limit as settings write it; None if it is off."""
    if limit == NO_LIMIT:
        return None
    return RequestWindow(kind, parse(limit), settings.rate_limit_storage.get_secret_value(), counted)
