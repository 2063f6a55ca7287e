"""Receive request bodies with a limit, a deadline and a minimum rate."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeAlias

from attrs import field, frozen

from leadtracker.entrypoints.wsgi_adapter.deadlines import Deadline, Deadlines

Receive: TypeAlias = Callable[[], Awaitable[dict[str, Any]]]
AskLimit: TypeAlias = Callable[[], Awaitable[int]]

UNASKED_BYTES = 64 * 1024
"""The size up to which a body is received, in memory, without asking the application for its limit."""

_BEGINNING_SECONDS = 1


class BodyTooSlow(Exception):
    """The client sends the body more slowly than it must."""


class BodyCutShort(Exception):
    """The connection was closed before the body was complete."""


@frozen
class BodyReceiver:
    """Receives bodies of any size, however slowly, without occupying a thread.

    Attributes:
        grace_seconds: the time that any body may take.
        bytes_per_second: the minimum average rate of a body that takes longer.
    """

    grace_seconds: float = 20
    bytes_per_second: float = 4096
    _deadlines: Deadlines = field(factory=Deadlines)

    async def receive(self, receive: Receive, announced: int | None, ask_limit: AskLimit) -> IO[bytes]:
        """Return the body as a file, positioned at its start.

        Of a body beyond its limit only the beginning is received: the application sees that it is longer than
        it accepts, and rejects it.

        Args:
            receive: receives the next chunk (ASGI).
            announced: the ``Content-Length`` in bytes; None if the body is chunked.
            ask_limit: asks the application how many bytes may be received, if it is more than UNASKED_BYTES
                or unknown.

        Raises:
            BodyTooSlow: the deadline has passed.
            BodyCutShort: the client has closed the connection.
            OSError: there is no disk space.
        """
        try:
            with self._deadlines.within(self.grace_seconds) as deadline:
                if announced is not None and announced <= UNASKED_BYTES:
                    return await _receive_small(receive, announced)
                limit = await ask_limit()
                if not limit:
                    return io.BytesIO()
                if announced is None or announced <= limit:
                    return await self._receive_large(receive, limit, deadline)
        except TimeoutError:
            raise BodyTooSlow from None
        return await self._receive_beginning(receive)

    async def _receive_beginning(self, receive: Receive) -> IO[bytes]:
        """Return what comes at once of a body that will be rejected; a form's texts may be in it."""
        body = b""
        with suppress(TimeoutError, BodyCutShort), self._deadlines.within(_BEGINNING_SECONDS):
            while len(body) < UNASKED_BYTES:
                body += (await _receive_chunk(receive))[0]
        return io.BytesIO(body)

    async def _receive_large(self, receive: Receive, limit: int, deadline: Deadline) -> IO[bytes]:
        began, received = asyncio.get_running_loop().time(), 0
        file = SpooledTemporaryFile(UNASKED_BYTES)  # noqa: SIM115 - closed with the request
        try:
            while received <= limit:
                chunk, has_more = await _receive_chunk(receive)
                file.write(chunk)
                received += len(chunk)
                if not has_more:
                    break
                deadline.at = began + self.grace_seconds + received / self.bytes_per_second
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file


async def _receive_small(receive: Receive, announced: int) -> IO[bytes]:
    body, has_more = b"", announced > 0
    while has_more and len(body) < announced:
        chunk, has_more = await _receive_chunk(receive)
        body += chunk
    return io.BytesIO(body)


async def _receive_chunk(receive: Receive) -> tuple[bytes, bool]:
    """Return the next chunk, and whether another may follow."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise BodyCutShort
    return message.get("body", b""), message.get("more_body", False)
