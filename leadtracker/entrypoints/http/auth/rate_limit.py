"""Rate limits per client address: of failed sign-ins, and of leads from anonymous clients."""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import structlog
from limits import RateLimitItem, RateLimitItemPerDay, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from leadtracker.domain.errors import AuthenticationFailed, SecondFactorRequired
from leadtracker.entrypoints.http.auth.account_delay import AccountDelay
from leadtracker.entrypoints.http.auth.client_address import limit_keys
from leadtracker.settings import NO_LIMIT, Settings

Result = TypeVar("Result")

_NETWORK_SCHEMES = ("redis", "valkey")
_FAILURES = (AuthenticationFailed, SecondFactorRequired)
"""What counts as a failed sign-in; a right password that is not enough leaves an audit entry, too."""

_SECONDS_PER_HOUR = 3600
_TIMEOUTS_SECONDS = {"socket_connect_timeout": 1, "socket_timeout": 1}


class _Window:
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


class SignInLimit:
    """Limits the wrong passwords per client address (``LEADTRACKER_LOGIN_RATE_LIMIT``).

    Once a password from an address was wrong, its attempts in progress count as wrong ones until their result
    is known. Otherwise a burst would be checked whole before its wrong passwords are counted.
    """

    def __init__(self, settings: Settings) -> None:
        self._window = _window("sign-in", settings.login_rate_limit, settings, "failed sign-ins")
        self._delay = AccountDelay()
        self._in_progress: Counter[str] = Counter()
        self._entering = threading.Lock()

    @contextmanager
    def watch(self, address: str, name: str) -> Iterator[None]:
        """Check a password for ``name`` within the block, and count a wrong one.

        Raises:
            TooManyRequests: too many wrong passwords came from ``address``, before this attempt or
                concurrently with it; the error does not reveal whether this password is right.
            PasswordHashingBusy: too many attempts are waiting.
        """
        window = self._window
        if window is None:
            yield
            return
        with self._attempt(window, address):
            self._delay.wait(name)
            try:
                yield
            except _FAILURES:
                self._delay.record_failure(name)
                raise

    @contextmanager
    def _attempt(self, window: _Window, address: str) -> Iterator[None]:
        """Let an attempt in if there is room, and count it if its password was wrong."""
        client = limit_keys(address)[0][0]
        with self._entering:
            others = self._in_progress[client]
            if others and window.is_unused(address):
                others = 0
            if not window.has_room(address, others + 1):
                raise window.too_many_requests(address)
            self._in_progress[client] += 1
        is_wrong = False
        try:
            yield
        except _FAILURES:
            is_wrong = True
            raise
        finally:
            # In one step: an attempt that is counted and still in progress would count twice.
            with self._entering:
                self._in_progress[client] -= 1
                if not self._in_progress[client]:
                    del self._in_progress[client]
                is_too_many = is_wrong and not window.count(address)
            if is_too_many:
                raise window.too_many_requests(address) from None


class FailureRecordLimit:
    """Limits how many failed sign-ins by API key, or through the provider, are recorded per client address.

    Others fail, too, but leave no entry: anonymous clients must not be able to fill the audit log.
    """

    def __init__(self, settings: Settings, kind: str) -> None:
        default: str = Settings.model_fields["login_rate_limit"].default
        limit = default if settings.login_rate_limit == NO_LIMIT else settings.login_rate_limit
        self._window = _window(kind, limit, settings, "failed sign-ins")

    def count(self, address: str) -> bool:
        """Count a failure; return False if it is one too many."""
        return self._window is None or self._window.count(address)


class LinkRequestLimit:
    """Limits the requests for links to choose a password, per client address."""

    def __init__(self, settings: Settings) -> None:
        self._window = _window("link", settings.login_rate_limit, settings, "requests for a new password")

    def count(self, address: str) -> None:
        """Count a request from ``address``.

        Raises:
            TooManyRequests: ``address`` has reached its limit.
        """
        if self._window is not None and not self._window.count(address):
            raise self._window.too_many_requests(address)


class PublicLimit:
    """Limits the leads of anonymous clients per client address (``LEADTRACKER_PUBLIC_RATE_LIMIT``)."""

    def __init__(self, settings: Settings) -> None:
        self._window = _window("public", settings.public_rate_limit, settings, "messages")

    def count(self, address: str) -> None:
        """Count a lead from ``address``.

        Raises:
            TooManyRequests: ``address`` has reached its limit.
        """
        if self._window is not None and not self._window.count(address):
            raise self._window.too_many_requests(address)

    def has_room(self, address: str) -> bool:
        """Check whether ``address`` is below its limit."""
        return self._window is None or self._window.has_room(address)


class UploadLimit:
    """Limits the bytes that anonymous clients upload, per client address and day (``UPLOAD_MB_PER_DAY``).

    Every request is within its own limit, but many of them would fill the disk.
    """

    def __init__(self, settings: Settings) -> None:
        self._limit = RateLimitItemPerDay(max(1, settings.upload_mb_per_day * 1024))
        self._is_off = settings.upload_mb_per_day == 0
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._counting = threading.Lock()

    def has_room(self, address: str) -> bool:
        """Check whether ``address`` may upload another file."""
        key, _ = limit_keys(address)[0]
        return self._is_off or self._limiter.test(self._limit, key)

    def check(self, address: str) -> None:
        """Accept an upload.

        Raises:
            TooManyRequests: ``address`` has reached its limit.
        """
        if not self.has_room(address):
            message = "Too many files came from this address today. Please send your message without a file."
            raise TooManyRequests(message, retry_after=_SECONDS_PER_HOUR)

    def count(self, address: str, size: int) -> None:
        """Count an upload of ``size`` bytes."""
        key, _ = limit_keys(address)[0]
        with self._counting:
            self._limiter.hit(self._limit, key, cost=size // 1024 + 1)


def _window(kind: str, limit: str, settings: Settings, counted: str) -> _Window | None:
    if limit == NO_LIMIT:
        return None
    return _Window(kind, parse(limit), settings.rate_limit_storage.get_secret_value(), counted)
