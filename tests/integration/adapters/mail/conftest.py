"""A mail server on loopback, and senders that send to it."""

from collections.abc import Callable, Iterator

import pytest

from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender
from leadtracker.domain.model.deliveries.email import Email
from tests.support.clock import NOW
from tests.support.memory.system import MemoryClock
from tests.support.servers.received_mail import parse_mail
from tests.support.servers.smtp import MailServer, trusting_context

SENDER = "LeadTracker <leads@firm.example>"

MakeSender = Callable[..., SmtpEmailSender]


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server without TLS."""
    with MailServer() as server:
        yield server


@pytest.fixture
def make_sender() -> Iterator[MakeSender]:
    """Make senders with a short time limit; close them after the test."""
    made = []

    def make(url: str, sender: str = SENDER, **seconds: float) -> SmtpEmailSender:
        timeouts = {"total_seconds": 20.0} | seconds
        one = SmtpEmailSender(url, sender, MemoryClock(NOW), context=trusting_context(), **timeouts)
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()


@pytest.fixture
def sender(server: MailServer, make_sender: MakeSender) -> SmtpEmailSender:
    return make_sender(f"smtp+plain://{server.address}")


def as_email(content: bytes) -> Email:
    """Reconstruct the email from the bytes that arrived."""
    message = parse_mail(content)
    text, html = message.get_body(["plain"]), message.get_body(["html"])
    assert text is not None
    assert html is not None
    return Email(
        message_id=message["Message-ID"],
        recipient=message["To"],
        subject=message["Subject"],
        text=text.get_content().replace("\r\n", "\n"),  # lines end like that on the way
        html=html.get_content().replace("\r\n", "\n"),
    )
