"""Mails over SMTP, handed to the next mail server."""

import asyncio
import ssl
import threading
import time

from leadtracker.adapters.mail.composing import compose
from leadtracker.adapters.mail.smtp_connection import SmtpConnection
from leadtracker.adapters.mail.smtp_server import SmtpServer
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.email import Email, Mailbox
from leadtracker.domain.ports.deliveries.emails import EmailSender
from leadtracker.domain.ports.system import Clock


class SmtpEmailSender(EmailSender):
    """Keeps one connection between mails; call ``close`` at the end.

    Threads may share a sender; it sends their mails one after the other.

    Args:
        url: ``smtp://`` (STARTTLS required), ``smtps://`` or ``smtp+plain://`` (no TLS).
        sender: an address, with or without a name: ``Name <name@example.com>``.
        context: decides which certificates are accepted; by default those that the system trusts.
        total_seconds: limit of one attempt, waiting for other threads included; half of a delivery's lease.

    Raises:
        ValueError: the URL or the sender is invalid.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        clock: Clock,
        *,
        context: ssl.SSLContext | None = None,
        total_seconds: float = 30.0,
    ) -> None:
        self._sender = Mailbox.parse(sender)
        self._clock = clock
        self._connection = SmtpConnection(SmtpServer.parse(url), context or ssl.create_default_context())
        self._total_seconds = total_seconds
        self._lock = threading.Lock()
        self._runner: asyncio.Runner | None = None  # with its event loop, which runs while a mail is sent

    def send(self, email: Email) -> DeliveryResult:
        deadline = time.monotonic() + self._total_seconds
        try:
            recipient = Mailbox.at(email.recipient)
        except ValueError:
            detail = AttemptDetail(DetailCode.INVALID_RECIPIENT)
            return DeliveryResult(outcome=Outcome.REJECTED, detail=detail)
        mail = compose(email, self._sender, recipient, self._clock.now())
        if not self._lock.acquire(timeout=self._total_seconds):
            detail = AttemptDetail(DetailCode.QUEUED_TOO_LONG)
            return DeliveryResult(outcome=Outcome.NOT_SENT, detail=detail)
        try:
            self._runner = self._runner or asyncio.Runner(loop_factory=asyncio.new_event_loop)
            seconds = deadline - time.monotonic()
            return self._runner.run(self._connection.send(self._sender, recipient, mail, seconds))
        finally:
            self._lock.release()

    def close(self) -> None:
        with self._lock:
            if self._runner is not None:
                self._runner.run(self._connection.close())
                self._runner.close()
                self._runner = None
