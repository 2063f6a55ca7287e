"""How often somebody may fail to sign in with a password, and how many leads the public may send."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import structlog
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.settings import NO_LIMIT, Settings

Result = TypeVar("Result")

_NETWORK_SCHEMES = ("redis", "valkey")
_PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}


class _Window:
    """Counts per client address what happened lately.

    If the counts cannot be read or written, there is room for everybody: whoever stops the storage must not
    thereby lock everybody out.

    Args:
        kind: under which it is counted.
        limit: how often it may happen.
        storage: where it is counted, as a URI.
        counted: what is counted, in words.
    """

    def __init__(self, kind: str, limit: RateLimitItem, storage: str, counted: str) -> None:
        self._kind = kind
        self._limit = limit
        self._storage = storage
        self._counted = counted
        self._limiter: MovingWindowRateLimiter | None = None
        self._opening = threading.Lock()
        # One at a time: in memory, the clearing away of old counts fails when two threads start it at once.
        self._counting = threading.Lock()

    def has_room(self, address: str) -> bool:
        """Whether it may happen once more."""
        return self._ask(lambda limiter: limiter.test(self._limit, self._kind, address), otherwise=True)

    def count(self, address: str) -> bool:
        """Count that it happened; False if there was no room for it."""
        with self._counting:
            return self._ask(lambda limiter: limiter.hit(self._limit, self._kind, address), otherwise=True)

    def too_many_requests(self, address: str) -> TooManyRequests:
        """What to tell who finds no room."""
        now = time.time()
        room_at = self._ask(
            lambda limiter: limiter.get_window_stats(self._limit, self._kind, address).reset_time,
            otherwise=now,
        )
        return TooManyRequests(
            f"Too many {self._counted} from this address.", retry_after=max(1, math.ceil(room_at - now))
        )

    def _ask(self, question: Callable[[MovingWindowRateLimiter], Result], *, otherwise: Result) -> Result:
        """The storage's answer to a question, or ``otherwise`` if it gives none."""
        try:
            return question(self._open())
        except Exception as error:  # noqa: BLE001 - each kind of storage raises errors of its own
            # Without the error's text, which may hold the storage's URL.
            structlog.get_logger(__name__).warning(
                f"{self._counted} cannot be counted", error=type(error).__name__
            )
            return otherwise

    def _open(self) -> MovingWindowRateLimiter:
        with self._opening:
            if self._limiter is None:
                options = _PATIENCE if self._storage.startswith(_NETWORK_SCHEMES) else {}
                self._limiter = MovingWindowRateLimiter(storage_from_string(self._storage, **options))
            return self._limiter


class SignInLimit:
    """Counts failures per client address; an address that failed too often has to wait."""

    def __init__(self, settings: Settings) -> None:
        self._window = _window("sign-in", settings.login_rate_limit, settings, "failed sign-ins")

    @contextmanager
    def watch(self, address: str) -> Iterator[None]:
        """Let the caller at ``address`` try within the block, and count it if that fails.

        Raises:
            TooManyRequests: the address failed too often, even if meanwhile; how this try went is not told.
        """
        window = self._window
        if window is None:
            yield
            return
        if not window.has_room(address):
            raise window.too_many_requests(address)
        try:
            yield
        except AuthenticationFailed:
            if not window.count(address):
                raise window.too_many_requests(address) from None
            raise


class PublicLimit:
    """Counts the leads that the public sends per client address."""

    def __init__(self, settings: Settings) -> None:
        self._window = _window("public", settings.public_rate_limit, settings, "messages")

    def count(self, address: str) -> None:
        """Count one that comes from ``address``.

        Raises:
            TooManyRequests: too many came from there lately.
        """
        if self._window is not None and not self._window.count(address):
            raise self._window.too_many_requests(address)


def _window(kind: str, limit: str, settings: Settings, counted: str) -> _Window | None:
    if limit == NO_LIMIT:
        return None
    return _Window(kind, parse(limit), settings.rate_limit_storage.get_secret_value(), counted)
