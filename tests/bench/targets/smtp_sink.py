"""A minimal mail server that accepts every mail."""

import socket
import threading
import time
from types import TracebackType
from typing import Self

_END_OF_MAIL = b"\r\n.\r\n"


class MailSink:
    """Counts mails; one thread serves each connection.

    Attributes:
        times: when each mail came, on the monotonic clock.
    """

    def __init__(self) -> None:
        self.times: list[float] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._converse, args=(line,), daemon=True).start()

    def _converse(self, line: socket.socket) -> None:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with line:
            line.sendall(b"220 sink\r\n")
            while command := line.recv(1 << 16):
                if not command.upper().startswith(b"DATA"):
                    line.sendall(b"250 Yes\r\n")
                    continue
                line.sendall(b"354 Go ahead\r\n")
                mail = b""
                while not mail.endswith(_END_OF_MAIL):
                    mail += line.recv(1 << 16)
                self.times.append(time.monotonic())
                line.sendall(b"250 Taken\r\n")
