"""A receiver of weekly reports: a real HTTP server on loopback with a scripted reaction to each request."""

import contextlib
import functools
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import BinaryIO, Self

from attrs import define, frozen

from tests.support.instruments.polling import eventually

_READ_TIMEOUT_SECONDS = 30
_DRIP_INTERVAL_SECONDS = 0.02
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: on, zero seconds


@frozen
class Request:
    """A request as it arrived; the names of its headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@define
class Conversation:
    """The connection that a reaction handles."""

    connection: socket.socket
    closing: threading.Event
    _requests: list[Request]

    def read(self) -> None:
        """Read the whole request and record it."""
        with self.connection.makefile("rb") as file:
            self._requests.append(_read_request(file))

    def send(self, data: bytes) -> None:
        """Send some bytes; ignore a client that has disconnected."""
        with contextlib.suppress(OSError):
            self.connection.sendall(data)

    def reset(self) -> None:
        """Reset the connection, so that the client gets an error."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.connection.close()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the receiver closes or the time is over; return whether it has closed."""
        return self.closing.wait(seconds)


Reaction = Callable[[Conversation], None]


def response(status: int, headers: Mapping[str, str] | None = None, body: bytes = b"{}") -> Reaction:
    """Read the request and respond to it."""

    def react(conversation: Conversation) -> None:
        conversation.read()
        conversation.send(_head(status, {"Content-Length": str(len(body)), **(headers or {})}) + body)

    return react


def respond_after(released: threading.Event, status: int) -> Reaction:
    """Read the request and respond once ``released`` is set."""

    def react(conversation: Conversation) -> None:
        conversation.read()
        released.wait(_READ_TIMEOUT_SECONDS)
        conversation.send(_head(status, {"Content-Length": "0"}))

    return react


def hang(conversation: Conversation) -> None:
    """Read the request and never respond."""
    conversation.read()
    conversation.wait()


def never_read(conversation: Conversation) -> None:
    """Accept the connection and do nothing with it."""
    conversation.wait()


def reset_before_reading(conversation: Conversation) -> None:
    """Reset the connection as soon as data arrives."""
    conversation.connection.recv(1, socket.MSG_PEEK)
    conversation.reset()


def reset_after_reading(conversation: Conversation) -> None:
    """Read the request and reset the connection instead of responding."""
    conversation.read()
    conversation.reset()


def close_after_reading(conversation: Conversation) -> None:
    """Read the request and close the connection instead of responding."""
    conversation.read()


def garble(conversation: Conversation) -> None:
    """Respond with bytes that are not HTTP."""
    conversation.read()
    conversation.send(b"220 mail.example.com ESMTP\r\n")


def reset_after_head(status: int) -> Reaction:
    """Begin a response and reset the connection in its body."""

    def react(conversation: Conversation) -> None:
        conversation.read()
        conversation.send(_head(status, {"Content-Length": "1000"}) + b"{")
        conversation.reset()

    return react


def flood(status: int, size: int) -> Reaction:
    """Respond with a body of that many bytes."""

    def react(conversation: Conversation) -> None:
        conversation.read()
        conversation.send(_head(status, {"Content-Length": str(size)}))
        conversation.send(b"x" * size)

    return react


def drip(data: bytes, *, after: bytes = b"") -> Reaction:
    """Send some bytes at once and then single bytes, so that the response never ends."""

    def react(conversation: Conversation) -> None:
        conversation.read()
        conversation.send(after)
        for byte in data:
            conversation.send(bytes([byte]))
            if conversation.wait(_DRIP_INTERVAL_SECONDS):
                return

    return react


class Receiver:
    """Reacts to requests in the order of its script, and with 200 afterwards.

    Attributes:
        requests: what was read so far, oldest first.
        connections: how many there have been.
    """

    def __init__(self, *script: Reaction) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self._script = list(script)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._address = self._server.getsockname()
        self._threads: list[threading.Thread] = []

    @property
    def port(self) -> int:
        """The port on which it listens."""
        number: int = self._address[1]
        return number

    @property
    def url(self) -> str:
        """The URL of a workflow's trigger on this server."""
        return f"http://127.0.0.1:{self.port}/v1/workflows/123/startTrigger"

    def expect(self, *script: Reaction) -> None:
        """Script the reactions to the next requests."""
        with self._lock:
            self._script.extend(script)

    def wait_for(self, count: int) -> list[Request]:
        """Wait until that many requests have arrived, and return them."""
        eventually(lambda: len(self.requests) >= count, f"{count} requests at the receiver")
        return self.requests

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):  # accept() may have noticed and closed the socket already
            socket.create_connection(self._address).close()  # wakes it up
        for thread in self._threads.copy():
            thread.join(_READ_TIMEOUT_SECONDS)

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with self._server:
            while not self._closing.is_set():
                connection, _ = self._server.accept()
                self._begin(functools.partial(self._react, connection))

    def _react(self, connection: socket.socket) -> None:
        if self._closing.is_set():
            connection.close()
            return
        with self._lock:
            self.connections += 1
            reaction = self._script.pop(0) if self._script else response(200)
        connection.settimeout(_READ_TIMEOUT_SECONDS)
        with connection, contextlib.suppress(OSError, ValueError):  # a client that goes early
            reaction(Conversation(connection, self._closing, self.requests))


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Because", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def _read_request(file: BinaryIO) -> Request:
    method, target, _ = _read_line(file).split(" ", 2)
    headers = {}
    while line := _read_line(file):
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    length = int(headers.get("content-length", 0))
    body = file.read(length)
    if len(body) < length:
        raise _gone()
    return Request(method, target, headers, body)


def _read_line(file: BinaryIO) -> str:
    line = file.readline()
    if not line.endswith(b"\n"):
        raise _gone()
    return line.decode().strip()


def _gone() -> ConnectionResetError:
    return ConnectionResetError("the client has gone in the middle of its request")
