"""A mail server that fails seven times out of ten.

Waits last for hours and days, so the use cases run in this process, by a clock that is moved to whenever the
next message is due; the database, the sender and the mail server are the real ones. A server that answers 5xx
makes a message failed at once, and twelve failures in a row do in the end: those an admin retries.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from attrs import evolve, field, frozen
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender
from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.ports.deliveries.emails import EmailSender
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import replaced
from tests.faults.mails.mail_delivery import NOTIFY_ADDRESS, capture, check_mails, plain
from tests.support.clock import NOW
from tests.support.memory.system import MemoryClock
from tests.support.servers.smtp import DROP, MailServer

_NO_CONNECTION = ("GREETING", DROP)
_LOST_AFTER_THE_DOT = ("END", DROP)
_FAULTS: list[tuple[str, str] | None] = [
    *[_NO_CONNECTION] * 20,
    *[("RCPT", "550 Never")] * 10,
    *[("MAIL", "421 Closing")] * 5,
    *[("RCPT", "451 Later")] * 10,
    *[("DATA", "452 Full")] * 5,
    *[("CONTENT", DROP)] * 10,
    *[_LOST_AFTER_THE_DOT] * 10,
    *[None] * 30,
]
_STEP = timedelta(minutes=1)


@frozen
class _Unlucky(EmailSender):
    """Sends each mail by the real sender, after scripting a random reaction of the server."""

    _sender: EmailSender
    _server: MailServer
    _rng: random.Random
    faults: Counter[tuple[str, str] | None] = field(factory=Counter, init=False)

    def send(self, email: Email) -> DeliveryResult:
        fault = self._rng.choice(_FAULTS)
        self.faults[fault] += 1
        if fault == _NO_CONNECTION:
            self._server.drop_all_connections()
        if fault is not None:
            self._server.expect(*fault)
        return self._sender.send(email)

    def close(self) -> None:
        self._sender.close()


def run(sandbox: Sandbox) -> None:
    """Deliver until every mail has arrived; only mails whose final reply was lost may arrive twice."""
    leads = sandbox.size(100, 1_000, ci=50)
    clock = MemoryClock(NOW)
    with (
        MailServer() as server,
        sandbox.container(clock, smtp_url=SecretStr(plain(server)), notify=NOTIFY_ADDRESS) as container,
    ):
        sender = _Unlucky(container.email_sender(), server, sandbox.rng)
        container.email_sender.override(providers.Object(sender))
        capture(container, *(f"p{number}@example.com" for number in range(leads)))
        repaired = _deliver_everything(sandbox, container, clock)
        sandbox.findings.record(
            attempts=sender.faults.total(), days=(clock.now() - NOW).days, repaired=repaired
        )
        lost = sender.faults[_LOST_AFTER_THE_DOT]
        duplicates = check_mails(sandbox, server, mails=2 * leads, max_duplicates=lost)
        sandbox.findings.expect_equal(duplicates, lost_after_the_dot=lost)


def _deliver_everything(sandbox: Sandbox, container: Container, clock: MemoryClock) -> int:
    """Deliver due mails and advance the clock until none is left; return how many an admin had to retry."""
    repaired = 0
    while True:
        for _ in container.deliver_notifications().mail():
            pass
        [[due]] = sandbox.raw_db.execute("SELECT min(due_at) FROM deliveries")
        if due is not None:
            clock.set(container.dialect().from_db_timestamp(due) + _STEP)
        elif failed := container.manage_deliveries().retry_failed(OPERATOR):
            repaired += failed
        else:
            return repaired


@contextmanager
def _hope_for_the_best() -> Iterator[None]:
    send = SmtpEmailSender.send

    def hopeful(sender: SmtpEmailSender, email: Email) -> DeliveryResult:
        result = send(sender, email)
        return evolve(result, outcome=Outcome.DELIVERED) if result.outcome is Outcome.UNKNOWN else result

    with replaced(SmtpEmailSender, send=hopeful):
        yield


CAMPAIGN = Campaign(
    "smtp-flaky",
    "a mail server that fails seven times out of ten",
    run,
    bugs=(
        PlantedBug("a mail counts as sent when the connection is lost", ("delivered",), _hope_for_the_best),
    ),
)
