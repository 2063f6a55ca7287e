"""Mails, to the next mail server.

One attempt is one mail within 30 seconds. What it means is decided by how far it got: a number of the server
decides (4xx: later, 5xx: never), and so does a lost connection, by whether the mail may have been taken.
"""

import ssl
import threading
import time

from leadtracker.adapters.mail.composing import compose
from leadtracker.adapters.mail.smtp_server import SmtpServer
from leadtracker.adapters.mail.smtp_session import Failure, SmtpSession
from leadtracker.adapters.mail.time_limit import TimeLimit
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.deliveries.mailbox import Mailbox
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.deliveries.email_sender import EmailSender


class SmtpEmailSender(EmailSender):
    """See the port for what it promises. Close it in the end: it keeps its connection between mails.

    Threads may share one; their mails go one after the other.

    Args:
        url: ``smtp://`` (STARTTLS or nothing), ``smtps://`` or ``smtp+plain://`` (no TLS at all).
        sender: an address, with or without a name: ``Name <name@example.com>``.
        context: decides which certificates are accepted; by default those that the system trusts.
        total_seconds: how long an attempt may take in all; a message's lease is twice as long.

    Raises:
        ValueError: the URL or the sender is none.
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
        self._server = SmtpServer.parse(url)
        self._sender = Mailbox.parse(sender)
        self._clock = clock
        self._context = context or ssl.create_default_context()
        self._total_seconds = total_seconds
        self._lock = threading.Lock()
        self._session: SmtpSession | None = None
        self._time_limit = TimeLimit(self._cut)

    def send(self, email: Email) -> DeliveryResult:
        deadline = time.monotonic() + self._total_seconds
        try:
            recipient = Mailbox.at(email.recipient)
        except ValueError:
            return DeliveryResult(outcome=Outcome.REJECTED, detail="the recipient is no e-mail address")
        mail = compose(email, self._sender, recipient, self._clock.now())
        if not self._lock.acquire(timeout=self._total_seconds):
            return DeliveryResult(outcome=Outcome.NOT_SENT, detail="other mails took too long")
        try:
            with self._time_limit.until(deadline):
                return self._session_until(deadline).hand_over(self._sender, recipient, mail)
        except Failure as failure:
            return failure.result
        finally:
            self._lock.release()

    def close(self) -> None:
        with self._lock:
            self._leave()
            self._time_limit.close()

    def _session_until(self, deadline: float) -> SmtpSession:
        """The session of the last mail, if the server still knows of it, or a new one."""
        if self._session is not None and self._session.is_alive():
            return self._session
        self._leave()
        # Kept before it begins, so that it can be cut while it does.
        self._session = SmtpSession(self._server, self._context)
        self._session.begin(deadline)
        return self._session

    def _leave(self) -> None:
        if self._session is not None:
            self._session.end()
        self._session = None

    def _cut(self) -> None:
        session = self._session
        if session is not None:
            session.cut()
