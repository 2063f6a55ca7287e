"""Contents of files in S3 or a compatible object store."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.ports.leads.object_store import ObjectStore

_TIME_TO_CONNECT = timedelta(seconds=3)
_TIME_PER_REQUEST = timedelta(seconds=20)  # enough for 100 MiB, the largest object, at 5 MiB/s
_REASON = re.compile(" - ([^\n<]*)")  # in errors of obstore, between the URL and the server's response


class S3ObjectStore(ObjectStore):
    """Puts each object with one request, so that none is ever stored in part.

    obstore reads endpoint, region and keys from the usual ``AWS_*`` variables.

    Args:
        url: ``s3://bucket/prefix``.
        time_per_request: limit of one request.
    """

    def __init__(self, url: str, time_per_request: timedelta = _TIME_PER_REQUEST) -> None:
        self._url = url
        self._time_per_request = time_per_request
        self._opened: S3Store | None = None

    def put(self, key: str, content: bytes) -> None:
        with _translated_errors():
            self._store.put(key, content, use_multipart=False)

    def get(self, key: str) -> bytes | None:
        with _translated_errors():
            try:
                return bytes(self._store.get(key).bytes())
            except (FileNotFoundError, NotFoundError):
                return None

    def delete(self, key: str) -> None:
        with _translated_errors():
            self._store.delete(key)

    @property
    def _store(self) -> S3Store:
        # Opened at the first call: it has threads, which a fork would lose. If two threads open one each, one
        # of the two is dropped.
        if self._opened is None:
            self._opened = S3Store.from_url(
                self._url,
                client_options={
                    "allow_http": True,  # if the operator's endpoint is http://
                    "connect_timeout": _TIME_TO_CONNECT,
                    "timeout": self._time_per_request,
                },
                # Shorter than a request's limit, so that a store that hangs is waited for only once.
                retry_config={"max_retries": 2, "retry_timeout": _TIME_TO_CONNECT},
            )
        return self._opened


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        # obstore's text holds the URL and the server's response, which may repeat parts of the request.
        reason = _REASON.search(str(error))
        text = reason[1].strip(": ") if reason else type(error).__name__
        raise ResumeStorageUnavailable("the storage of resumes cannot do this now") from OSError(text)
