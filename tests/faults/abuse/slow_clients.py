"""Clients that send headers or bodies a byte at a time, or read responses a byte at a time.

Others are served at the same time: directly, and behind the examples of nginx and Caddy where these are
installed.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from attrs import define, field

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.regular_submissions import RECEIVE_IN_THREADS, check_submissions
from tests.faults.harness.web_server import running_web
from tests.support.servers.processes import Site

_PAUSE_SECONDS = 1.0
_READ_BUFFER_BYTES = 4096
_PIPELINED = 2  # more than the buffers of the system hold

_SLOW_HEADERS = b"GET /leads HTTP/1.1\r\nHost: x\r\nX-Slow: "
_SLOW_BODY = (
    b"POST /leads HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"
)
_SLOW_READING = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * _PIPELINED


@define
class _SlowClients:
    """Connections that do a little every second, in one thread."""

    site: Site
    number: int
    dropped: int = 0
    _work: list[Callable[[], object]] = field(factory=list)
    _sockets: list[socket.socket] = field(factory=list)
    _stop: threading.Event = field(factory=threading.Event)

    @contextmanager
    def connected(self) -> Iterator[None]:
        thread = threading.Thread(target=self._go_on)
        try:
            for _ in range(self.number):
                for begin in (_SLOW_HEADERS, _SLOW_BODY):
                    self._work.append(self._sender(self._connect(begin)))
                self._work.append(self._reader(self._connect(_SLOW_READING)))
            thread.start()
            yield
        finally:
            self._stop.set()
            if thread.ident is not None:
                thread.join()
            for one in self._sockets:
                one.close()

    def _connect(self, begin: bytes) -> socket.socket:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _READ_BUFFER_BYTES)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", self.site.port))
        self._sockets.append(connection)
        with suppress(OSError):
            connection.sendall(begin)
        connection.settimeout(0)
        return connection

    def _sender(self, connection: socket.socket) -> Callable[[], object]:
        return lambda: connection.send(b" ")

    def _reader(self, connection: socket.socket) -> Callable[[], object]:
        return lambda: connection.recv(1)

    def _go_on(self) -> None:
        while not self._stop.wait(_PAUSE_SECONDS):
            for act in [*self._work]:
                try:
                    act()
                except BlockingIOError:
                    continue
                except OSError:
                    self._work.remove(act)
                    self.dropped += 1


def run(sandbox: Sandbox) -> None:
    """Keep as many clients of each kind busy, at each way to the server in turn."""
    number = sandbox.size(100, 300)
    dropped = []

    @contextmanager
    def hold(site: Site) -> Iterator[None]:
        clients = _SlowClients(site, number)
        with clients.connected():
            yield
        dropped.append(clients.dropped)

    with running_web(sandbox, TRUSTED_PROXIES=1, WEB_WORKERS=2) as server:
        check_submissions(sandbox, server, hold, seconds=sandbox.size(6, 60))
    sandbox.findings.record(clients_of_each_kind=number, dropped_by_the_server=sum(dropped))


CAMPAIGN = Campaign(
    "slow-clients",
    "hundreds of clients that send or read a byte a second, directly and behind proxies",
    run,
    databases_used=(SQLITE,),
    bugs=(PlantedBug("each body occupies a thread while it comes", ("direct",), RECEIVE_IN_THREADS),),
)
