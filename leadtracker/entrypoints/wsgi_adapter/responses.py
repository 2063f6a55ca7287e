"""Run the WSGI application in a thread, and send its response."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias
from wsgiref.types import WSGIApplication, WSGIEnvironment

import structlog

Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]

_MIN_CHUNK_BYTES = 64 * 1024
_SEND_TIMEOUT_SECONDS = 60


def respond(
    application: WSGIApplication, environ: WSGIEnvironment, send: Send, loop: asyncio.AbstractEventLoop
) -> None:
    """Run ``application`` and send its response.

    The server accepts a message from any thread, and only for a chunk of a stream there is something to wait
    for: until the client has read enough of what was sent before.
    """
    head: dict[str, Any] = {"type": "http.response.start"}

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> Any:
        head["status"] = int(status[:3])
        head["headers"] = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]

    with environ["wsgi.input"]:
        body = application(environ, start_response)
        try:
            pieces = iter(body)
            first = next(pieces, b"")
            send(head)
            if (b"content-length", b"%d" % len(first)) in head["headers"] or not first:
                send({"type": "http.response.body", "body": first})
            else:
                _stream(first, pieces, send, loop)
        finally:
            if hasattr(body, "close"):
                body.close()


def _stream(first: bytes, pieces: Iterator[bytes], send: Send, loop: asyncio.AbstractEventLoop) -> None:
    try:
        for chunk in _joined(first, pieces):
            message = {"type": "http.response.body", "body": chunk, "more_body": True}
            sent = asyncio.run_coroutine_threadsafe(_deliver(send, message), loop)
            sent.result(_SEND_TIMEOUT_SECONDS)
    except TimeoutError:
        structlog.get_logger(__name__).info("response abandoned: the client reads too slowly")
    send({"type": "http.response.body", "body": b""})


async def _deliver(send: Send, message: dict[str, Any]) -> None:
    await send(message)


def _joined(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the first piece at once, the others joined to chunks of a size that is worth sending."""
    yield first
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _MIN_CHUNK_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
