"""A load client with many keep-alive connections, one open request on each, and little work per request.

It runs in one thread over plain sockets: each request costs it some 20 µs, a tenth of what the fastest
server here spends on one. ``Load.client_share`` shows whether that still holds.
"""

import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from attrs import field, frozen, mutable

HOST = "127.0.0.1"
_REQUEST_TIMEOUT_SECONDS = 40
_MAX_BYTES = 1 << 18


@frozen
class RequestSpec:
    """A request and its expected status.

    Attributes:
        raw: the bytes to send.
        status: the expected status.
        needle: bytes that the body of the response must contain.
    """

    raw: bytes
    status: int = 200
    needle: bytes = b""


@frozen
class Response:
    """A received response."""

    spec: RequestSpec
    status: int
    body: bytes
    seconds: float

    @property
    def is_right(self) -> bool:
        """True if the response is the expected one."""
        return self.status == self.spec.status and self.spec.needle in self.body


@mutable
class Load:
    """The results of a round of requests.

    Attributes:
        seconds: the duration of the round.
        client_share: the share of that time in which the client used its processor.
        processor_seconds: the processor time of the server, where that was measured.
        responses: all responses; a broken connection has none.
        broken: how many connections broke before their response was complete.
    """

    seconds: float = 0.0
    client_share: float = 0.0
    processor_seconds: float = 0.0
    responses: list[Response] = field(factory=list)
    broken: int = 0

    @property
    def per_second(self) -> float:
        """Correct responses per second."""
        return sum(response.is_right for response in self.responses) / self.seconds

    @property
    def processor_seconds_per_response(self) -> float:
        """The processor time that the server used for one response."""
        return self.processor_seconds / len(self.responses)

    @property
    def wrong(self) -> list[Response]:
        """The responses other than the expected ones."""
        return [response for response in self.responses if not response.is_right]

    def quantile(self, part: float) -> float:
        """Return the quantile of the response times, in seconds."""
        times = sorted(response.seconds for response in self.responses)
        return times[min(len(times) - 1, int(part * len(times)))]


def request(method: str, path: str, body: bytes = b"", headers: Iterable[str] = ()) -> bytes:
    """Encode a request with the headers of a typical client."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Accept: */*", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def drive(port: int, specs: Iterator[RequestSpec], *, connections: int, seconds: float) -> Load:
    """Keep ``connections`` busy with ``specs`` for ``seconds``, then wait for the open requests."""
    load = Load()
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        began, busy = time.perf_counter(), time.process_time()
        for _ in range(connections):
            line = stack.enter_context(socket.create_connection((HOST, port), _REQUEST_TIMEOUT_SECONDS))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(line, selectors.EVENT_READ, _Exchange.begin(line, next(specs)))
        _converse(selector, specs, load, until=began + seconds)
        load.seconds = time.perf_counter() - began
        load.client_share = (time.process_time() - busy) / load.seconds
    return load


@mutable
class _Exchange:
    """An open request on one connection."""

    line: socket.socket
    spec: RequestSpec
    began: float
    got: bytes = b""

    @classmethod
    def begin(cls, line: socket.socket, spec: RequestSpec) -> "_Exchange":
        began = time.perf_counter()
        line.sendall(spec.raw)
        return cls(line, spec, began)

    def receive(self) -> Response | None:
        """Return the response once it is complete, else None.

        Raises:
            ConnectionError: the server has closed the connection.
        """
        piece = self.line.recv(_MAX_BYTES)
        if not piece:
            raise ConnectionResetError
        self.got += piece
        head, separator, body = self.got.partition(b"\r\n\r\n")
        if not separator or len(body) < _content_length(head):
            return None
        return Response(self.spec, int(head[9:12]), body, time.perf_counter() - self.began)


def _content_length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0] or 0)


def _converse(
    selector: selectors.BaseSelector, specs: Iterator[RequestSpec], load: Load, *, until: float
) -> None:
    while selector.get_map():
        events = selector.select(_REQUEST_TIMEOUT_SECONDS)
        if not events:
            load.broken += len(selector.get_map())
            return
        for key, _ in events:
            exchange: _Exchange = key.data
            try:
                response = exchange.receive()
                if response is None:
                    continue
                load.responses.append(response)
                if time.perf_counter() < until:
                    selector.modify(exchange.line, key.events, _Exchange.begin(exchange.line, next(specs)))
                    continue
            except ConnectionError:
                load.broken += 1
            selector.unregister(exchange.line)
