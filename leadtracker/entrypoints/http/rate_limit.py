"""How often somebody may fail to sign in with a password."""

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

Answer = TypeVar("Answer")

_KIND = "sign-in"
_NETWORK_SCHEMES = ("redis", "valkey")
_PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}


class SignInLimit:
    """Counts failures per client address, and lets an address that failed too often try no more for a while.

    If the counts cannot be read or written, it lets everybody try: whoever stops the storage must not
    thereby lock everybody out.
    """

    def __init__(self, settings: Settings) -> None:
        text = settings.login_rate_limit
        self._limit = None if text == NO_LIMIT else parse(text)
        self._storage = settings.rate_limit_storage.get_secret_value()
        self._limiter: MovingWindowRateLimiter | None = None
        self._opening = threading.Lock()
        # One at a time: in memory, the clearing away of old counts fails when two threads start it at once.
        self._counting = threading.Lock()

    @contextmanager
    def watch(self, address: str) -> Iterator[None]:
        """Let the caller at ``address`` try within the block, and count it if that fails.

        Raises:
            TooManyRequests: the address failed too often, even if meanwhile; how this try went is not told.
        """
        limit = self._limit
        if limit is None:
            yield
            return
        if not self._ask(lambda limiter: limiter.test(limit, _KIND, address), otherwise=True):
            raise self._refusal(limit, address)
        try:
            yield
        except AuthenticationFailed:
            with self._counting:
                has_room = self._ask(lambda limiter: limiter.hit(limit, _KIND, address), otherwise=True)
            if not has_room:
                raise self._refusal(limit, address) from None
            raise

    def _refusal(self, limit: RateLimitItem, address: str) -> TooManyRequests:
        now = time.time()
        room_at = self._ask(
            lambda limiter: limiter.get_window_stats(limit, _KIND, address).reset_time, otherwise=now
        )
        return TooManyRequests(
            "Too many failed sign-ins from this address.", retry_after=max(1, math.ceil(room_at - now))
        )

    def _ask(self, question: Callable[[MovingWindowRateLimiter], Answer], *, otherwise: Answer) -> Answer:
        """The storage's answer to a question, or ``otherwise`` if it gives none."""
        try:
            return question(self._open())
        except Exception as error:  # noqa: BLE001 - each kind of storage raises errors of its own
            # Without the error's text, which may hold the storage's URL.
            structlog.get_logger(__name__).warning(
                "failed sign-ins cannot be counted", error=type(error).__name__
            )
            return otherwise

    def _open(self) -> MovingWindowRateLimiter:
        with self._opening:
            if self._limiter is None:
                options = _PATIENCE if self._storage.startswith(_NETWORK_SCHEMES) else {}
                self._limiter = MovingWindowRateLimiter(storage_from_string(self._storage, **options))
            return self._limiter
