"""Errors of S3: reported in time, and without what the server repeats of the request."""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from leadtracker.adapters.storage.s3_object_store import S3ObjectStore
from leadtracker.domain.errors import ResumeStorageUnavailable
from leadtracker.domain.ports.leads.object_store import ObjectStore
from tests.support.servers.processes import free_port
from tests.support.servers.s3 import S3Place

IMPATIENCE = timedelta(seconds=0.5)
TOTAL_TIMEOUT_SECONDS = 5
CALLS: list[Callable[[ObjectStore], object]] = [
    lambda objects: objects.put("key", b"content"),
    lambda objects: objects.get("key"),
    lambda objects: objects.delete("key"),
]
every_call = pytest.mark.parametrize("call", CALLS, ids=["put", "get", "delete"])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port on which a server listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def error_of(call: Callable[[ObjectStore], object], objects: ObjectStore) -> str:
    """Return the text of the error for the operator."""
    with pytest.raises(ResumeStorageUnavailable) as rejected:
        call(objects)
    return f"{rejected.value}: {rejected.value.__cause__}"


@every_call
def test_unreachable_server_is_unavailable(
    s3: S3Place, monkeypatch: pytest.MonkeyPatch, call: Callable[[ObjectStore], object]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    assert "sending request" in error_of(call, S3ObjectStore(s3.url))


@every_call
def test_hanging_server_times_out(
    s3: S3Place,
    monkeypatch: pytest.MonkeyPatch,
    silent_port: int,
    call: Callable[[ObjectStore], object],
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent_port}")
    objects = S3ObjectStore(s3.url, IMPATIENCE)
    begun = time.monotonic()
    error_of(call, objects)
    assert IMPATIENCE.total_seconds() <= time.monotonic() - begun < TOTAL_TIMEOUT_SECONDS


@every_call
def test_invalid_credentials_are_hidden(
    s3: S3Place, monkeypatch: pytest.MonkeyPatch, call: Callable[[ObjectStore], object]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "canary-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-secret")
    message = error_of(call, S3ObjectStore(s3.url))
    assert "403" in message
    assert not [text for text in ("canary", s3.prefix, "key-id", "<") if text in message]


def test_prefixes_are_isolated(s3: S3Place) -> None:
    other = S3Place(s3.port)
    S3ObjectStore(s3.url).put("key", b"content")
    assert S3ObjectStore(other.url).get("key") is None
    S3ObjectStore(other.url).delete("key")
    assert s3.objects() == {"key": b"content"}
