"""One conversation with a mail server, step by step, so that it is known how far it got.

``smtplib`` speaks the protocol. What its errors say is never passed on: they hold addresses, passwords and
whatever the server says. A failure tells the host, the step and the number of the answer.
"""

import contextlib
import re
import smtplib
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator

from leadtracker.adapters.mail.smtp_server import Credentials, Security, SmtpServer
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.mailbox import Mailbox

_CONNECT_SECONDS = 5.0  # for each address of the host; also for a sign of life
_CLOSING = 421
_WANTS_SIGN_IN = frozenset({530, 534, 535, 538})
_LINE_BEGINS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)


class Failure(Exception):
    """A step did not succeed; the result says what that means."""

    def __init__(self, result: DeliveryResult) -> None:
        super().__init__(result.detail)
        self.result = result


class SmtpSession:
    """Begin it once, then hand over mails as long as it is alive.

    ``cut`` may be called from another thread at any time; the step in hand fails then.
    """

    def __init__(self, server: SmtpServer, context: ssl.SSLContext) -> None:
        self._server = server
        self._context = context
        self._smtp = smtplib.SMTP(local_hostname="localhost")  # a name, or it asks the DNS for one
        self._is_usable = False

    def begin(self, deadline: float) -> None:
        """Connect, encrypt and sign in.

        Args:
            deadline: by when, on the monotonic clock; only connecting looks at it, the rest can be cut.

        Raises:
            Failure: it did not come to that; nothing was sent.
        """
        with self._step("connection"):
            self._smtp.sock = _connect(self._server, deadline)
            self._smtp.local_hostname = _address_literal(self._smtp.sock)
        if self._server.security is Security.TLS:
            self._encrypt()
        self._ask("greeting")
        self._hello()
        if self._server.security is Security.STARTTLS:
            self._start_tls()
        if self._server.credentials:
            self._sign_in(self._server.credentials)
        self._is_usable = True  # not before: half begun, it would carry mails without TLS

    def is_alive(self) -> bool:
        """Whether the server still listens and has forgotten the last mail."""
        if not self._is_usable or self._smtp.sock is None:
            return False
        patience = self._smtp.sock.gettimeout()
        try:
            self._smtp.sock.settimeout(_CONNECT_SECONDS)
            code, _ = self._smtp.rset()
            self._smtp.sock.settimeout(patience)
        except OSError:
            code = 0
        self._is_usable = _is_yes(code)
        return self._is_usable

    def hand_over(self, sender: Mailbox, recipient: Mailbox, mail: bytes) -> DeliveryResult:
        """Give one mail to the server.

        Raises:
            Failure: it has not taken it, or nobody knows.
        """
        options = ""
        if sender.is_international or recipient.is_international:
            if not self._smtp.has_extn("smtputf8"):
                raise self._failure(Outcome.REJECTED, "the address needs SMTPUTF8, which is not offered")
            options = " SMTPUTF8 BODY=8BITMIME"
        self._smtp.command_encoding = "utf-8" if options else "ascii"
        self._ask("MAIL", f"MAIL FROM:<{sender.address}>{options}")
        self._ask("RCPT", f"RCPT TO:<{recipient.address}>")
        self._ask("DATA", "DATA", yes=3, lost=Outcome.UNKNOWN)
        with self._step("mail", Outcome.UNKNOWN):
            self._smtp.send(_LINE_BEGINS_WITH_DOT.sub(b"..", mail) + b".\r\n")
        code = self._ask("end of mail", lost=Outcome.UNKNOWN)
        detail = f"{self._server.host}: answered {code} to the mail"
        return DeliveryResult(outcome=Outcome.DELIVERED, status=code, detail=detail)

    def cut(self) -> None:
        """Break off, so that whoever waits for the server waits no longer."""
        self._is_usable = False
        if self._smtp.sock is not None:
            with contextlib.suppress(OSError):
                # Not SSLSocket.shutdown: that would take TLS off under the other thread's hands.
                socket.socket.shutdown(self._smtp.sock, socket.SHUT_RDWR)

    def end(self) -> None:
        """Say goodbye, if anybody listens, and close."""
        if self._is_usable and self._smtp.sock is not None:
            with contextlib.suppress(OSError):
                self._smtp.sock.settimeout(_CONNECT_SECONDS)
                self._smtp.quit()
        self._smtp.close()

    def _hello(self) -> None:
        with self._step("EHLO"):
            code, _ = self._smtp.ehlo()
        self._judge("EHLO", code)

    def _start_tls(self) -> None:
        """Go on in TLS or not at all."""
        if not self._smtp.has_extn("starttls"):
            raise self._failure(Outcome.NOT_SENT, "offers no STARTTLS; smtp:// goes no further without")
        with self._step("STARTTLS"):
            code, _ = self._smtp.docmd("STARTTLS")
        if not _is_yes(code):
            raise self._failure(Outcome.NOT_SENT, f"answered {code} to STARTTLS", code)
        self._encrypt()
        self._hello()

    def _encrypt(self) -> None:
        with self._step("TLS"):
            assert self._smtp.sock is not None  # noqa: S101 - for the type checker
            wrapped = self._context.wrap_socket(
                self._smtp.sock, server_hostname=self._server.host, do_handshake_on_connect=False
            )
            self._smtp.sock = wrapped  # before the handshake, so that it can be cut
            self._smtp.file = None  # whatever was read ahead came without TLS and must not count
            wrapped.do_handshake()

    def _sign_in(self, credentials: Credentials) -> None:
        """Sign in by PLAIN or LOGIN; ``smtplib.login`` fails at passwords beyond ASCII."""
        offered = self._smtp.esmtp_features.get("auth", "").upper().split()
        user, password = credentials.user.encode(), credentials.password.encode()
        if "PLAIN" in offered:
            lines = [f"AUTH PLAIN {_base64(_plain(user, password))}"]
        elif "LOGIN" in offered:
            lines = ["AUTH LOGIN", _base64(user), _base64(password)]
        else:
            raise self._failure(Outcome.NOT_SENT, "offers neither AUTH PLAIN nor AUTH LOGIN")
        code = 0
        for line in lines:
            with self._step("AUTH"):
                code, _ = self._smtp.docmd(line)
            if code // 100 not in {2, 3}:
                break
        if not _is_yes(code):
            raise self._failure(Outcome.NOT_SENT, f"answered {code} to AUTH", code)

    def _ask(
        self, step: str, command: str | None = None, *, yes: int = 2, lost: Outcome = Outcome.NOT_SENT
    ) -> int:
        """Send a command, if there is one, and read the answer."""
        with self._step(step, lost):
            code, _ = self._smtp.docmd(command) if command else self._smtp.getreply()
        self._judge(step, code, yes, lost)
        return code

    def _judge(self, step: str, code: int, yes: int = 2, lost: Outcome = Outcome.NOT_SENT) -> None:
        """Go on if the answer is as wanted; anything but yes, later and never is no answer at all."""
        if code // 100 == yes:
            return
        outcomes = {4: Outcome.RETRY, 5: Outcome.REJECTED}
        outcome = Outcome.NOT_SENT if code in _WANTS_SIGN_IN else outcomes.get(code // 100, lost)
        self._is_usable = self._is_usable and code // 100 in outcomes and code != _CLOSING
        raise self._failure(outcome, f"answered {code} to {step}", code if code > 0 else None)

    @contextlib.contextmanager
    def _step(self, name: str, lost: Outcome = Outcome.NOT_SENT) -> Iterator[None]:
        try:
            yield
        except ssl.SSLCertVerificationError:
            self._is_usable = False
            raise self._failure(lost, f"{name}: its certificate is not accepted") from None
        except (OSError, UnicodeError) as error:  # smtplib's errors are OSErrors
            self._is_usable = False
            raise self._failure(lost, f"{name}: {type(error).__name__}") from None

    def _failure(self, outcome: Outcome, what: str, status: int | None = None) -> Failure:
        detail = f"{self._server.host}: {what}"
        return Failure(DeliveryResult(outcome=outcome, status=status, detail=detail))


def _connect(server: SmtpServer, deadline: float) -> socket.socket:
    """A connection to the first of the host's addresses that answers."""
    error: OSError = TimeoutError()
    for *_, address in socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM):
        seconds = min(_CONNECT_SECONDS, deadline - time.monotonic())
        if seconds <= 0:
            break
        try:
            connection = socket.create_connection((str(address[0]), server.port), timeout=seconds)
        except OSError as reason:
            error = reason
        else:
            connection.settimeout(max(deadline - time.monotonic(), 0.01))
            return connection
    raise error


def _address_literal(connection: socket.socket) -> str:
    """This machine as servers may know it (RFC 5321, section 4.1.3)."""
    address = connection.getsockname()[0].partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _is_yes(code: int) -> bool:
    return code // 100 == 2  # noqa: PLR2004 - the first digit is the answer


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _plain(user: bytes, password: bytes) -> bytes:
    return b"\0" + user + b"\0" + password
