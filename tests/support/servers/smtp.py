"""A real mail server on loopback whose reactions tests script, and which records what it receives."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import Any, Self

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from attrs import frozen

from tests.support.instruments.polling import eventually

DROP = "drop the connection"
HANG = "never answer"
HOLD = "answer when released"
_STOP_TIMEOUT_SECONDS = 30
_AUTHORITY = trustme.CA()
_UNKNOWN_AUTHORITY = trustme.CA()


@frozen
class ReceivedMail:
    """A mail as the server received it."""

    sender: str
    recipients: tuple[str, ...]
    options: tuple[str, ...]
    content: bytes


def trusting_context() -> ssl.SSLContext:
    """Return a context that accepts the certificates of these servers and no others."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _AUTHORITY.configure_trust(context)
    return context


def _server_context(host: str, *, is_trusted: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (_AUTHORITY if is_trusted else _UNKNOWN_AUTHORITY).issue_cert(host).configure_cert(context)
    return context


class _Conversation(SMTP):
    """Follows the script of its server."""

    def __init__(self, server: "MailServer", **options: Any) -> None:
        self._server = server
        self._greeted = False
        super().__init__(server, **options)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._socket: socket.socket = transport.get_extra_info("socket")
        super().connection_made(transport)

    async def push(self, status: Any) -> None:
        if not self._greeted:
            self._greeted = True
            reaction = self._server.next_reaction("GREETING")
            if reaction is not None:
                await self.react(reaction)
                return
        await super().push(status)

    async def react(self, reaction: str) -> None:
        if reaction == DROP:
            self.drop()
        elif reaction == HANG:
            await asyncio.sleep(_STOP_TIMEOUT_SECONDS)
        else:
            await super().push(reaction)

    def drop(self) -> None:
        """Drop the connection at once, even if it is closing and waits for the client.

        After a second ``close()``, which aiosmtpd calls, a TLS transport of asyncio no longer knows its
        connection: ``abort()`` raises AttributeError in Python 3.11.2 and has no effect in later versions.
        Shutting down the socket works in all of them.
        """
        if not isinstance(self.transport, asyncio.Transport):
            return
        if self.transport.is_closing():
            with contextlib.suppress(OSError):  # already closed
                self._socket.shutdown(socket.SHUT_RDWR)
        else:
            self.transport.abort()

    async def _react_or(self, command: str, usual: Awaitable[None]) -> None:
        reaction = self._server.next_reaction(command)
        if reaction is None:
            await usual
        else:
            if isinstance(usual, Coroutine):
                usual.close()
            await self.react(reaction)

    async def smtp_EHLO(self, hostname: str) -> None:
        await self._react_or("EHLO", super().smtp_EHLO(hostname))

    async def smtp_STARTTLS(self, arg: str) -> None:
        await self._react_or("STARTTLS", super().smtp_STARTTLS(arg))

    async def smtp_AUTH(self, arg: str) -> None:
        await self._react_or("AUTH", super().smtp_AUTH(arg))

    async def smtp_RSET(self, arg: str) -> None:
        await self._react_or("RSET", super().smtp_RSET(arg))

    async def smtp_MAIL(self, arg: str | None) -> None:
        await self._react_or("MAIL", super().smtp_MAIL(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:
        if any(f"<{recipient}>" in (arg or "") for recipient in self._server.rejected):
            await self.push("550 No such mailbox")
            return
        await self._react_or("RCPT", super().smtp_RCPT(arg))

    async def smtp_QUIT(self, arg: str) -> None:
        self._server.goodbyes += 1
        await super().smtp_QUIT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if self._server.next_reaction("CONTENT") is None:
            await self._react_or("DATA", super().smtp_DATA(arg))
        else:
            await self.push("354 Go ahead")
            await self._reader.readline()
            self.drop()


class MailServer:
    """Accepts every mail, unless ``expect`` scripts another reaction.

    Attributes:
        arrived: the mails it has received up to the last dot, whatever it replied.
        connections: the number of connections so far.
        goodbyes: the number of connections that ended with QUIT.
        rejected: the recipients that it never accepts.
        signed_in: the names and passwords it has received.
    """

    def __init__(
        self, *, tls: bool = False, starttls: bool = False, is_trusted: bool = True, **options: Any
    ) -> None:
        self.arrived: list[ReceivedMail] = []
        self.connections = 0
        self.goodbyes = 0
        self.rejected: set[str] = set()
        self.signed_in: list[tuple[str, str]] = []
        self._script: dict[str, deque[str]] = defaultdict(deque)
        context = _server_context("127.0.0.1", is_trusted=is_trusted) if tls or starttls else None
        self._tls = context if tls else None
        self._options = {"tls_context": context if starttls else None, "enable_SMTPUTF8": True} | options
        self._conversations: list[_Conversation] = []
        self._released = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    @property
    def address(self) -> str:
        """Host and port, as in a URL."""
        return f"127.0.0.1:{self.port}"

    def expect(self, command: str, *reactions: str) -> None:
        """Script the reactions to the next such commands: a reply, ``DROP`` or ``HANG``.

        Besides the names of commands there are ``GREETING``, ``CONTENT`` (while the mail is being received;
        always a drop) and ``END`` (after the last dot), which can also ``HOLD`` until ``release``.
        """
        self._script[command].extend(reactions)

    def next_reaction(self, command: str) -> str | None:
        """Return the scripted reaction to this command, if any."""
        return self._script[command].popleft() if self._script[command] else None

    def wait_for(self, count: int) -> list[ReceivedMail]:
        """Wait until this many mails have arrived, and return them."""
        eventually(lambda: len(self.arrived) >= count, f"{count} mails at the server")
        return self.arrived

    def release(self) -> None:
        """Accept the mails that are held."""

        async def release() -> None:
            self._released.set()

        self._run(release)

    def drop_all_connections(self) -> None:
        """Drop all connections, as a restarting server does."""

        async def drop() -> None:
            for conversation in self._conversations:
                conversation.drop()
            await asyncio.sleep(0)

        self._run(drop)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Record a mail; aiosmtpd calls this after the last dot."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.arrived.append(
            ReceivedMail(
                envelope.mail_from or "",
                tuple(envelope.rcpt_tos),
                tuple(envelope.mail_options),
                content,
            )
        )
        reaction = self.next_reaction("END")
        if reaction == HANG:
            await asyncio.sleep(_STOP_TIMEOUT_SECONDS)
        if reaction == HOLD:
            await self._released.wait()
            return "250 Taken"
        if reaction == DROP and isinstance(server, _Conversation):
            server.drop()
            await asyncio.sleep(_STOP_TIMEOUT_SECONDS)  # cancelled when the connection is lost
        return reaction or "250 Taken"

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._run(self._stop)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOP_TIMEOUT_SECONDS)
        self._loop.close()

    def _converse(self) -> _Conversation:
        self.connections += 1
        conversation = _Conversation(
            self,
            loop=self._loop,
            hostname="mail.example.com",
            authenticator=self._authenticate,
            auth_require_tls=False,
            **self._options,
        )
        self._conversations.append(conversation)
        return conversation

    def _authenticate(self, *arguments: Any) -> AuthResult:
        data = arguments[-1]
        assert isinstance(data, LoginPassword)
        self.signed_in.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=True)

    async def _listen(self) -> None:
        self._listener = await self._loop.create_server(self._converse, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._listener.close()
        for conversation in self._conversations:
            conversation.drop()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.01)

    def _run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        asyncio.run_coroutine_threadsafe(work(), self._loop).result(_STOP_TIMEOUT_SECONDS)
