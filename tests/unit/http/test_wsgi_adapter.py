"""The adapter between the server's ASGI interface and the WSGI application, without a server."""

import asyncio
import io
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from leadtracker.entrypoints.wsgi_adapter.adapter import RenderError, WebApplication, WsgiAdapter
from leadtracker.entrypoints.wsgi_adapter.bodies import UNASKED_BYTES, BodyReceiver
from leadtracker.entrypoints.wsgi_adapter.environ import build_environ
from leadtracker.entrypoints.wsgi_adapter.errors import ErrorPage, RequestError

Messages = list[dict[str, Any]]
QUICK = BodyReceiver(grace_seconds=0.05, bytes_per_second=1_000_000)
FOREVER = {"type": "wait"}


def scope(*headers: tuple[bytes, bytes], method: str = "POST", path: bytes = b"/leads") -> dict[str, Any]:
    return {
        "server": ("127.0.0.1", "8000"),
        "client": ("192.0.2.1", "5000"),
        "method": method,
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": b"a=b",
        "http_version": "1.1",
        "scheme": "http",
        "headers": list(headers),
    }


def length(number: int) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % number


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def exchange(
    request: dict[str, Any],
    *messages: dict[str, Any],
    limit: int = 1_000_000,
    wsgi: Any = echo,
    render_error: RenderError = lambda _environ, _error: None,
) -> Messages:
    """Send a request to the adapter, and return the messages of its response."""
    sent: Messages = []
    left = iter(messages)

    async def receive() -> dict[str, Any]:
        message = next(left)
        if message is FOREVER:
            await asyncio.sleep(60)
        return message

    class Sent:
        def __await__(self) -> Iterator[None]:
            return iter(())

    def send(message: dict[str, Any]) -> Sent:
        sent.append(message)
        return Sent()

    adapter = WsgiAdapter(WebApplication(wsgi, lambda _environ: limit, render_error), threads=1, bodies=QUICK)
    asyncio.run(adapter(request, receive, send))  # type: ignore[arg-type]
    return sent


def chunk(body: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def status(messages: Messages) -> int:
    return int(messages[0]["status"])


def body(messages: Messages) -> bytes:
    return b"".join(message.get("body", b"") for message in messages)


def test_body_is_complete_when_the_application_starts() -> None:
    assert body(exchange(scope(length(5)), chunk(b"he", more=True), chunk(b"llo", more=True))) == b"hello"


def test_chunked_body_is_complete_when_the_application_starts() -> None:
    chunked = scope((b"transfer-encoding", b"chunked"))
    assert body(exchange(chunked, chunk(b"he", more=True), chunk(b"llo"))) == b"hello"


def test_request_without_body_waits_for_nothing() -> None:
    assert status(exchange(scope(method="GET"))) == 200


@pytest.mark.parametrize(
    "announced", [10, UNASKED_BYTES + 1, 10_000_000], ids=["small", "large", "too large"]
)
def test_body_that_does_not_come_occupies_no_thread(announced: int) -> None:
    threads = threading.active_count()
    messages = exchange(scope(length(announced)), chunk(b"x", more=True), FOREVER)
    too_large = announced > 1_000_000  # the application sees the length, and what came of the body
    assert status(messages) == (200 if too_large else 408)
    assert threading.active_count() <= threads + 1


def test_body_whose_connection_was_closed_never_reaches_the_application() -> None:
    messages = exchange(scope(length(5)), chunk(b"he", more=True), {"type": "http.disconnect"})
    assert status(messages) == 400


def test_chunked_body_beyond_its_limit_is_not_received() -> None:
    pieces = [chunk(b"x" * 100, more=True) for _ in range(100)]
    received = body(exchange(scope((b"transfer-encoding", b"chunked")), *pieces, limit=250))
    assert len(received) == 300  # the application sees more than its limit


def test_request_that_will_be_rejected_is_not_received_at_all() -> None:
    assert body(exchange(scope(length(100_000)), FOREVER, limit=0)) == b""


def test_header_fields_beyond_the_limit_are_rejected() -> None:
    assert status(exchange(scope((b"cookie", b"x" * 70_000)))) == 431


@pytest.mark.parametrize(("length_of_query", "expected"), [(15_000, 200), (70_000, 414)])
def test_addresses_beyond_the_limit_are_rejected(length_of_query: int, expected: int) -> None:
    asked = scope() | {"query_string": b"q=" + b"x" * length_of_query}
    assert status(exchange(asked)) == expected


def test_rejected_request_gets_the_page_of_the_application() -> None:
    def render(environ: dict[str, Any], error: RequestError) -> ErrorPage:
        return ErrorPage({"Content-Type": environ["HTTP_ACCEPT"]}, f"{error.status}".encode())

    accepts_html = scope((b"accept", b"text/html"), length(10))
    messages = exchange(accepts_html, chunk(b"x", more=True), FOREVER, render_error=render)
    assert (status(messages), body(messages)) == (408, b"408")
    assert dict(messages[0]["headers"])[b"content-type"] == b"text/html"


def test_page_that_cannot_be_rendered_leaves_a_problem_document() -> None:
    def render(_environ: dict[str, Any], _error: RequestError) -> ErrorPage:
        raise RuntimeError("a bug")

    messages = exchange(scope((b"cookie", b"x" * 70_000)), render_error=render)
    assert status(messages) == 431
    assert dict(messages[0]["headers"])[b"content-type"] == b"application/problem+json"


@pytest.mark.parametrize("name", [b"x_forwarded_for", b"x-forwarded_for", b"content_length", b"_"])
def test_header_names_with_underscore_are_dropped(name: bytes) -> None:
    environ = build_environ(scope((b"x-forwarded-for", b"203.0.113.9"), (name, b"127.0.0.1"), length(3)))
    assert environ["HTTP_X_FORWARDED_FOR"] == "203.0.113.9"
    assert environ["CONTENT_LENGTH"] == "3"
    assert "127.0.0.1" not in [environ[key] for key in environ if key.startswith(("HTTP_", "CONTENT_"))]


def test_repeated_header_fields_are_joined() -> None:
    environ = build_environ(
        scope((b"accept", b"a"), (b"accept", b"b"), (b"cookie", b"c=1"), (b"cookie", b"d=2"))
    )
    assert environ["HTTP_ACCEPT"] == "a,b"
    assert environ["HTTP_COOKIE"] == "c=1; d=2"


def test_path_keeps_its_bytes() -> None:
    environ = build_environ(scope(path=b"/a%20b/%ff%C3%A9"))
    assert environ["PATH_INFO"].encode("latin-1") == b"/a b/\xff\xc3\xa9"


def test_stream_ends_and_is_closed() -> None:
    closed: list[bool] = []

    class Stream:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"one", b"two", b"three"])

        def close(self) -> None:
            closed.append(True)

    def wsgi(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return Stream()

    messages = exchange(scope(method="GET"), wsgi=wsgi)
    assert body(messages) == b"onetwothree"
    assert not messages[-1].get("more_body")
    assert closed == [True]


def test_application_that_raises_an_exception_gets_a_response() -> None:
    def wsgi(_environ: dict[str, Any], _start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise RuntimeError("a bug")

    assert status(exchange(scope(method="GET"), wsgi=wsgi)) == 500


def test_input_is_a_file() -> None:
    def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].readline()]

    assert io.BytesIO(body(exchange(scope(length(4)), chunk(b"a\nbc"), wsgi=wsgi))).read() == b"a\n"
