"""Rate limits per client address: of failed sign-ins, and of leads from anonymous clients."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerDay
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from leadtracker.domain.errors import AuthenticationFailed, SecondFactorRequired
from leadtracker.entrypoints.http.auth.account_delay import AccountDelay
from leadtracker.entrypoints.http.auth.client_address import limit_keys
from leadtracker.entrypoints.http.auth.request_window import RequestWindow, window_of
from leadtracker.settings import NO_LIMIT, Settings

_FAILURES = (AuthenticationFailed, SecondFactorRequired)
"""The errors that count as failed sign-ins; a right password that is not enough leaves an audit entry."""

_SECONDS_PER_HOUR = 3600


class SignInLimit:
    """Limits the wrong passwords per client address (``LEADTRACKER_LOGIN_RATE_LIMIT``).

    Once a password from an address was wrong, its attempts in progress count as wrong ones until their result
    is known. Otherwise a burst would be checked whole before its wrong passwords are counted.
    """

    def __init__(self, settings: Settings) -> None:
        self._window = window_of("sign-in", settings.login_rate_limit, settings, "failed sign-ins")
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
    def _attempt(self, window: RequestWindow, address: str) -> Iterator[None]:
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
        self._window = window_of(kind, limit, settings, "failed sign-ins")

    def count(self, address: str) -> bool:
        """Count a failure; return False if it is one too many."""
        return self._window is None or self._window.count(address)


class LinkRequestLimit:
    """Limits the requests for links to choose a password, per client address."""

    def __init__(self, settings: Settings) -> None:
        self._window = window_of("link", settings.login_rate_limit, settings, "requests for a new password")

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
        self._window = window_of("public", settings.public_rate_limit, settings, "messages")

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
        self._limiter: FixedWindowRateLimiter | None = None
        self._counting = threading.Lock()

    def has_room(self, address: str) -> bool:
        """Check whether ``address`` may upload another file."""
        key, _ = limit_keys(address)[0]
        with self._counting:
            return self._is_off or self._open().test(self._limit, key)

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
            self._open().hit(self._limit, key, cost=size // 1024 + 1)

    def _open(self) -> FixedWindowRateLimiter:
        """Return the counts; their storage has a thread and locks, which workers must not share."""
        if self._limiter is None:
            self._limiter = FixedWindowRateLimiter(MemoryStorage())
        return self._limiter
