"""Send raw bytes to a web server, including requests that no HTTP library would send."""

import re
import socket
from contextlib import suppress

_RESPONSE_TIMEOUT_SECONDS = 30
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


def responses_to(port: int, request: bytes, *, timeout: float = _RESPONSE_TIMEOUT_SECONDS) -> bytes:
    """Send the bytes and return everything that the server sends until it closes the connection.

    A server waits for the rest of an incomplete request, so after ``timeout`` seconds the client closes its
    sending side.
    """
    received = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
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
    """Return the statuses of raw responses, whose bodies must not contain text like a status line."""
    return [int(status) for status in _STATUS.findall(responses)]
