"""Speaking to a web server byte by byte, as no decent client would."""

import re
import socket
from contextlib import suppress

_RESPONSE_TIMEOUT_SECONDS = 30
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


def responses_to(port: int, request: bytes, *, patience: float = _RESPONSE_TIMEOUT_SECONDS) -> bytes:
    """Everything that comes back for these bytes until the server hangs up.

    Half a request makes a server wait for the rest, so it is told after ``patience`` seconds that nothing
    more will come.
    """
    received = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        with suppress(ConnectionError):  # a server may hang up before it has read everything
            connection.sendall(request)
        try:
            _read_to_end(connection, received)
        except TimeoutError:
            connection.settimeout(_RESPONSE_TIMEOUT_SECONDS)
            connection.shutdown(socket.SHUT_WR)
            _read_to_end(connection, received)
    return bytes(received)


def _read_to_end(connection: socket.socket, received: bytearray) -> None:
    with suppress(ConnectionError):
        while chunk := connection.recv(65_536):
            received += chunk


def statuses(responses: bytes) -> list[int]:
    """The statuses of answers as they came over the wire; their bodies must not hold what looks like one."""
    return [int(status) for status in _STATUS.findall(responses)]
