"""A connection to a mail server that is kept between mails; aiosmtplib speaks the protocol.

Each step of the dialogue is a separate call, so that a failure is judged by how far the dialogue has come.
The texts of errors are never passed on: they hold addresses and server replies. A result names the host, the
step and the reply code or the type of the error.
"""

import asyncio
import contextlib
import socket
import ssl

import aiosmtplib

from leadtracker.adapters.mail.smtp_server import Credentials, Security, SmtpServer
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.email import Mailbox

_CONNECT_SECONDS = 5.0  # for each address of the host; also the limit for RSET and QUIT
_CONNECT = "CONNECT"  # the name that mail servers give to the step before EHLO
_CLOSING = 421
_NEEDS_AUTH = frozenset({530, 534, 535, 538})
_OUTCOMES = {4: Outcome.RETRY, 5: Outcome.REJECTED}  # by the first digit of a reply (RFC 5321, section 4.2.1)


class SmtpConnection:
    """Sends one mail at a time; connects when it has no usable connection.

    All methods must run in the same event loop.
    """

    def __init__(self, server: SmtpServer, context: ssl.SSLContext) -> None:
        self._server = server
        self._context = context
        self._smtp = aiosmtplib.SMTP()
        self._transport: asyncio.BaseTransport | None = None
        self._is_usable = False
        self._step = ""
        self._loss = Outcome.NOT_SENT  # the outcome if the connection is lost in this step

    async def send(self, sender: Mailbox, recipient: Mailbox, mail: bytes, seconds: float) -> DeliveryResult:
        """Send one mail and judge the result.

        A reply to a step decides by its class: 4xx is ``RETRY``, 5xx is ``REJECTED``. A reply that requires
        authentication, and any failure of STARTTLS or AUTH, is ``NOT_SENT``. So is a lost connection, a
        timeout or an invalid reply before DATA; from DATA on it is ``UNKNOWN``: the server may have the mail.

        Args:
            sender: the envelope's sender.
            recipient: the envelope's recipient.
            mail: the message with CRLF line ends.
            seconds: the limit for everything, connecting included.
        """
        self._begin(_CONNECT)
        try:
            async with asyncio.timeout(seconds):
                if not await self._is_alive():
                    await self._open()
                code = await self._transmit(sender, recipient, mail)
        except _CannotSend as reason:
            return self._result(reason.outcome, reason.detail, reason.status)
        except aiosmtplib.SMTPResponseException as error:
            return self._failed_reply(error.code)
        except (aiosmtplib.SMTPException, OSError, UnicodeError) as error:
            return self._lost(error)
        except asyncio.CancelledError:  # Ctrl-C: the next reply would answer an earlier command
            self._is_usable = False
            raise
        finally:
            if not self._is_usable:
                self._abort()
        return self._result(Outcome.DELIVERED, DetailCode.SMTP_ANSWERED, code)

    async def close(self) -> None:
        """Send QUIT if the connection is usable, then close it."""
        if self._is_usable:
            self._is_usable = False
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                async with asyncio.timeout(_CONNECT_SECONDS):
                    await self._smtp.execute_command(b"QUIT")
        self._abort()
        await asyncio.sleep(0)  # let the event loop close the socket

    async def _is_alive(self) -> bool:
        """Reset the last mail's transaction; False if the connection must be replaced."""
        if not self._is_usable:
            return False
        self._is_usable = False
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                code, _ = await self._smtp.execute_command(b"RSET")
        except (aiosmtplib.SMTPException, OSError):
            code = 0
        self._is_usable = code // 100 == 2  # noqa: PLR2004 - 2xx is success
        if not self._is_usable:
            self._abort()
        return self._is_usable

    async def _open(self) -> None:
        """Connect, encrypt and authenticate; only then is the connection usable."""
        connection = await _connect(self._server)
        self._smtp = aiosmtplib.SMTP(
            hostname=self._server.host,
            sock=connection,
            local_hostname=_address_literal(connection),
            tls_context=self._context,
            use_tls=self._server.security is Security.TLS,
            start_tls=False,  # a separate step below
            timeout=None,  # the caller limits the time
        )
        await self._smtp.connect()
        self._transport = self._smtp.transport
        await self._hello()
        if self._server.security is Security.STARTTLS:
            await self._start_tls()
        if self._server.credentials:
            await self._authenticate(self._server.credentials)
        self._is_usable = True

    async def _hello(self) -> None:
        self._begin("EHLO")
        await self._smtp.ehlo()

    async def _start_tls(self) -> None:
        """Encrypt the connection, or stop: without TLS nothing is sent."""
        if not self._smtp.supports_extension("starttls"):
            raise _CannotSend(Outcome.NOT_SENT, DetailCode.NO_STARTTLS)
        self._begin("STARTTLS")
        try:
            await self._smtp.starttls()
        except aiosmtplib.SMTPResponseException as error:
            raise _CannotSend(Outcome.NOT_SENT, DetailCode.SMTP_ANSWERED, error.code) from None
        self._transport = self._smtp.transport
        await self._hello()

    async def _authenticate(self, credentials: Credentials) -> None:
        """Authenticate by PLAIN or LOGIN, whichever the server offers first in this order.

        Not by ``SMTP.login``, which repeats a rejected password by every method: servers count that.
        """
        self._begin("AUTH")
        if "plain" in self._smtp.server_auth_methods:
            authenticate = self._smtp.auth_plain
        elif "login" in self._smtp.server_auth_methods:
            authenticate = self._smtp.auth_login
        else:
            raise _CannotSend(Outcome.NOT_SENT, DetailCode.NO_AUTHENTICATION)
        try:
            await authenticate(credentials.user, credentials.password)
        except aiosmtplib.SMTPResponseException as error:
            raise _CannotSend(Outcome.NOT_SENT, DetailCode.SMTP_ANSWERED, error.code) from None

    async def _transmit(self, sender: Mailbox, recipient: Mailbox, mail: bytes) -> int:
        """Send envelope and content; return the code of the last reply."""
        options = b""
        if sender.is_international or recipient.is_international:
            if not self._smtp.supports_extension("smtputf8"):
                raise _CannotSend(Outcome.REJECTED, DetailCode.NO_SMTPUTF8)
            options = b" SMTPUTF8 BODY=8BITMIME"
        await self._command("MAIL", b"MAIL FROM:<%b>%b" % (sender.address.encode(), options))
        await self._command("RCPT", b"RCPT TO:<%b>" % recipient.address.encode())
        self._begin("DATA", Outcome.UNKNOWN)
        code, _ = await self._smtp.data(mail)
        return code

    async def _command(self, step: str, command: bytes) -> None:
        self._begin(step)
        code, text = await self._smtp.execute_command(command)
        if code // 100 != 2:  # noqa: PLR2004 - 2xx is success
            raise aiosmtplib.SMTPResponseException(code, text)

    def _begin(self, step: str, loss: Outcome = Outcome.NOT_SENT) -> None:
        self._step = step
        self._loss = loss

    def _failed_reply(self, code: int) -> DeliveryResult:
        """Judge a reply other than success; a code outside of 4xx and 5xx is an invalid reply."""
        is_valid = code // 100 in _OUTCOMES
        self._is_usable = self._is_usable and is_valid and code != _CLOSING
        outcome = Outcome.NOT_SENT if code in _NEEDS_AUTH else _OUTCOMES.get(code // 100, self._loss)
        return self._result(outcome, DetailCode.SMTP_ANSWERED, code)

    def _lost(self, error: Exception) -> DeliveryResult:
        """Judge a lost connection, a timeout or an error of TLS."""
        self._is_usable = False
        if isinstance(error, aiosmtplib.SMTPConnectError) and isinstance(error.__cause__, Exception):
            error = error.__cause__
        if isinstance(error, ssl.SSLCertVerificationError):
            return self._result(self._loss, DetailCode.CERTIFICATE_REJECTED)
        code = DetailCode.SMTP_UNREACHABLE if self._step == _CONNECT else DetailCode.SMTP_LOST
        return self._result(self._loss, code, error=type(error).__name__)

    def _result(
        self, outcome: Outcome, code: DetailCode, status: int | None = None, error: str | None = None
    ) -> DeliveryResult:
        if status is not None and status <= 0:  # aiosmtplib reports an invalid reply as -1
            code, status = DetailCode.SMTP_INVALID, None
        detail = AttemptDetail(code, host=self._server.host, step=self._step, error=error)
        return DeliveryResult(outcome=outcome, status=status, detail=detail)

    def _abort(self) -> None:
        """Close the connection without waiting for the server."""
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()
        self._transport = None


class _CannotSend(Exception):
    """The server lacks an extension that is needed, or has rejected STARTTLS or AUTH."""

    def __init__(self, outcome: Outcome, detail: DetailCode, status: int | None = None) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.status = status


async def _connect(server: SmtpServer) -> socket.socket:
    """Connect to the first of the host's addresses that accepts.

    Raises:
        OSError: no address accepts; the error is that of the last one.
    """
    loop = asyncio.get_running_loop()
    error: OSError = TimeoutError()
    for family, kind, protocol, _, address in await loop.getaddrinfo(
        server.host, server.port, type=socket.SOCK_STREAM
    ):
        connection = socket.socket(family, kind, protocol)
        connection.setblocking(False)  # noqa: FBT003 - positional-only
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                await loop.sock_connect(connection, address)
        except BaseException as reason:
            connection.close()
            if not isinstance(reason, OSError):
                raise
            error = reason
        else:
            return connection
    raise error


def _address_literal(connection: socket.socket) -> str:
    """The client's address for EHLO (RFC 5321, section 4.1.3)."""
    address = connection.getsockname()[0].partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
