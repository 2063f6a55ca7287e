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
    """A request, and what its answer must be.

    Attributes:
        raw: the bytes to send.
        status: the answer's status.
        needle: what its body must hold.
    """

    raw: bytes
    status: int = 200
    needle: bytes = b""


@frozen
class Response:
    """What came back."""

    spec: RequestSpec
    status: int
    body: bytes
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether it is what was asked for."""
        return self.status == self.spec.status and self.spec.needle in self.body


@mutable
class Load:
    """What became of a round of requests.

    Attributes:
        seconds: how long it took.
        client_share: the part of that time which the client itself was busy.
        answers: all of them; broken connections have none.
        broken: how many connections broke before their answer was whole.
    """

    seconds: float = 0.0
    client_share: float = 0.0
    responses: list[Response] = field(factory=list)
    broken: int = 0

    @property
    def per_second(self) -> float:
        """Right answers per second."""
        return sum(response.is_right for response in self.responses) / self.seconds

    @property
    def wrong(self) -> list[Response]:
        """The answers that are not what was asked for."""
        return [response for response in self.responses if not response.is_right]

    def quantile(self, part: float) -> float:
        """The seconds within which that part of the answers came."""
        times = sorted(response.seconds for response in self.responses)
        return times[min(len(times) - 1, int(part * len(times)))]


def request(method: str, path: str, body: bytes = b"", headers: Iterable[str] = ()) -> bytes:
    """A request in bytes, as a browser's or a library's would look."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Accept: */*", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def drive(port: int, specs: Iterator[RequestSpec], *, connections: int, seconds: float) -> Load:
    """Keep ``connections`` busy with ``asks`` for that long, then wait for the answers in flight."""
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
    """A request in flight on one connection."""

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
        """The answer, once all of it is there.

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
