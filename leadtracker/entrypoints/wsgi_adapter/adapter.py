"""The ASGI application: receives a request and its body, then runs the WSGI application in a thread."""

import asyncio
import io
from collections.abc import Callable
from typing import IO, TypeAlias
from wsgiref.types import WSGIApplication, WSGIEnvironment

import structlog
from attrs import field, frozen

from leadtracker.entrypoints.wsgi_adapter.bodies import BodyCutShort, BodyReceiver, BodyTooSlow, Receive
from leadtracker.entrypoints.wsgi_adapter.environ import (
    MAX_ADDRESS_BYTES,
    MAX_HEADER_BYTES,
    Scope,
    address_bytes,
    build_environ,
    header_bytes,
)
from leadtracker.entrypoints.wsgi_adapter.errors import ErrorPage, RequestError, send_error
from leadtracker.entrypoints.wsgi_adapter.responses import Send, respond
from leadtracker.entrypoints.wsgi_adapter.threads import WorkerThreads

BodyLimit: TypeAlias = Callable[[WSGIEnvironment], int]
RenderError: TypeAlias = Callable[[WSGIEnvironment, RequestError], ErrorPage | None]


@frozen
class WebApplication:
    """The application that the adapter runs.

    Attributes:
        wsgi: responds to requests whose bodies are complete.
        body_limit: returns how many bytes of a request's body may be received; it may block.
        render_error: returns the page about a request that never reaches ``wsgi``; None if the client wants a
            problem document instead of a page. It may block.
    """

    wsgi: WSGIApplication
    body_limit: BodyLimit
    render_error: RenderError = field(default=lambda _environ, _error: None)


class WsgiAdapter:
    """Runs a WSGI application on the ASGI interface of a server.

    A body is received before a thread is used for its request, so that clients that send slowly, or nothing
    at all, occupy no thread (decision 27).
    """

    def __init__(self, application: WebApplication, threads: int, bodies: BodyReceiver | None = None) -> None:
        self._application = application
        self._threads = WorkerThreads(threads)
        self._bodies = bodies or BodyReceiver()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request."""
        if header_bytes(scope) > MAX_HEADER_BYTES:
            await self._reject(scope, send, 431, "The header fields are too large.")
            return
        if address_bytes(scope) > MAX_ADDRESS_BYTES:
            await self._reject(scope, send, 414, "The address of the request is too long.")
            return
        environ = build_environ(scope)
        body: IO[bytes] | None = io.BytesIO()
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            body = await self._receive_body(scope, environ, receive, send)
        if body is None:
            return
        environ["wsgi.input"] = body
        loop = asyncio.get_running_loop()
        try:
            await self._threads.run_last(respond, self._application.wsgi, environ, send, loop)
        except Exception:  # noqa: BLE001 - the client gets a response after any error
            structlog.get_logger(__name__).exception("unhandled exception")
            await self._reject(scope, send, 500, "An internal error occurred.")

    async def _receive_body(
        self, scope: Scope, environ: WSGIEnvironment, receive: Receive, send: Send
    ) -> IO[bytes] | None:
        """Return the body; None if a response was sent instead."""
        announced = environ.get("CONTENT_LENGTH")
        try:
            return await self._bodies.receive(
                receive,
                int(announced) if announced and announced.isdecimal() else None,
                lambda: self._threads.run(self._application.body_limit, environ),
            )
        except BodyTooSlow:
            await self._reject(scope, send, 408, "The body came too slowly.")
        except BodyCutShort:
            await self._reject(scope, send, 400, "The body is shorter than announced.")
        except OSError:
            structlog.get_logger(__name__).exception("body cannot be stored")
            await self._reject(scope, send, 503, "There is no room for the body.")
        except Exception:  # noqa: BLE001 - the client gets a response after any error
            structlog.get_logger(__name__).exception("unhandled exception")
            await self._reject(scope, send, 500, "An internal error occurred.")
        return None

    async def _reject(self, scope: Scope, send: Send, status: int, detail: str) -> None:
        """Respond with an error: with a page to browsers, with a problem document to API clients."""
        error = RequestError(status, detail)
        page: ErrorPage | None = None
        try:
            page = await self._threads.run(self._application.render_error, build_environ(scope), error)
        except Exception:  # noqa: BLE001 - the client gets a response after any error
            structlog.get_logger(__name__).exception("unhandled exception")
        send_error(scope, send, error, page)
