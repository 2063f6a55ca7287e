"""A document of the provider that is fetched when it is needed, and cached."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from leadtracker.adapters.http_client.json_fetcher import FetchFailed
from leadtracker.domain.errors import ProviderUnavailable
from leadtracker.domain.ports.system import Clock

_FRESH_FOR = timedelta(minutes=10)
_USABLE_FOR = timedelta(hours=24)
_BETWEEN_FAILURES = timedelta(seconds=10)
_BETWEEN_REFRESHES = timedelta(minutes=1)

Document = TypeVar("Document")


class CachedDocument(Generic[Document]):
    """Fetches a document again every ten minutes; while that fails, the last one is used for a day.

    A failed fetch is repeated after ten seconds at the earliest, so that requests do not wait one after the
    other for a provider that does not respond.

    Args:
        fetch: fetches and checks the document; raises ``FetchFailed``.
        host: the provider's host, for messages.
        clock: measures the age of the document.
    """

    def __init__(self, fetch: Callable[[], Document], host: str, clock: Clock) -> None:
        self._fetch = fetch
        self._host = host
        self._clock = clock
        self._lock = threading.Lock()
        self._document: Document | None = None
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._failure = ""

    def get(self) -> Document:
        """Return the document.

        Raises:
            ProviderUnavailable: it cannot be fetched, and no usable one is cached.
        """
        if self._is_younger_than(_FRESH_FOR):
            return self._cached()
        # Another thread is fetching: use the document that there is, or wait if there is none.
        if self._lock.acquire(blocking=not self._is_younger_than(_USABLE_FOR)):
            try:
                if not self._is_younger_than(_FRESH_FOR) and not self._was_tried_within(_BETWEEN_FAILURES):
                    self._try()
            finally:
                self._lock.release()
        if not self._is_younger_than(_USABLE_FOR):
            raise ProviderUnavailable(f"{self._host} cannot be used for signing in: {self._failure}")
        return self._cached()

    def refresh(self) -> Document:
        """Fetch the document again, because it lacks something, but at most once a minute.

        Raises:
            ProviderUnavailable: as ``get`` does.
        """
        with self._lock:
            if not self._was_tried_within(_BETWEEN_REFRESHES):
                self._try()
        return self.get()

    def _try(self) -> None:
        self._tried_at = now = self._clock.now()
        try:
            self._document = self._fetch()
        except FetchFailed as error:
            self._failure = str(error)
        else:
            self._fetched_at, self._failure = now, ""

    def _cached(self) -> Document:
        assert self._document is not None  # noqa: S101 - set before its time, which the caller has checked
        return self._document

    def _is_younger_than(self, age: timedelta) -> bool:
        return self._fetched_at is not None and self._clock.now() - self._fetched_at < age

    def _was_tried_within(self, time: timedelta) -> bool:
        return self._tried_at is not None and self._clock.now() - self._tried_at < time
