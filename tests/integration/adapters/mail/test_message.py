"""Mails as they arrive: headers, MIME parts, and addresses beyond ASCII."""

import pytest

from leadtracker.adapters.mail.composing import compose
from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.email import Mailbox
from tests.contracts.deliveries.email_sender import make_email
from tests.integration.adapters.mail.conftest import MakeSender
from tests.support.clock import NOW
from tests.support.servers.received_mail import parse_mail
from tests.support.servers.smtp import MailServer

ANN = Mailbox.at("ann@example.com")


def test_headers_are_complete(server: MailServer, sender: SmtpEmailSender) -> None:
    sender.send(make_email())
    assert dict(parse_mail(server.arrived[0].content)) == {
        "From": "LeadTracker <leads@firm.example>",
        "To": "ann@example.com",
        "Subject": "We have received your request",
        "Date": "Wed, 18 Nov 2026 12:00:00 +0000",
        "Message-ID": "<message-1@leadtracker>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": parse_mail(server.arrived[0].content)["Content-Type"],
    }
    assert server.arrived[0].content.isascii()


@pytest.mark.parametrize("name", ["", "Firm", "Kanzlei Müller & Söhne", 'The "Firm", Inc.', "日本語" * 4])
def test_sender_name_is_encoded(name: str) -> None:
    mail = compose(make_email(), Mailbox("leads", "firm.example", name), ANN, NOW)
    (address,) = parse_mail(mail)["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "leads@firm.example")
    assert mail.isascii()


def test_long_subject_is_truncated() -> None:
    mail = compose(make_email(subject="ä" * 10_000), ANN, ANN, NOW)
    assert parse_mail(mail)["Subject"] == "ä" * 199 + "…"


@pytest.mark.parametrize("message_id", ["", "x@y", "<x>", "<x@y>\r\nBcc: a@b.c", "<x y@z>"])
def test_invalid_message_id_is_a_bug(message_id: str) -> None:
    with pytest.raises(ValueError, match="message_id"):
        compose(make_email(message_id=message_id), ANN, ANN, NOW)


def test_international_domain_is_encoded(server: MailServer, sender: SmtpEmailSender) -> None:
    sender.send(make_email(recipient="ann@bücher.example"))
    assert server.arrived[0].recipients == ("ann@xn--bcher-kva.example",)
    assert server.arrived[0].options == ()


@pytest.mark.parametrize("sender_address", ["leads@firm.example", "büro@firm.example"])
def test_smtputf8_server_takes_unicode_address(
    server: MailServer, make_sender: MakeSender, sender_address: str
) -> None:
    sender = make_sender(f"smtp+plain://{server.address}", sender_address)
    for recipient in ("zoë@example.com", "ann@example.com"):
        assert sender.send(make_email(recipient=recipient)).outcome is Outcome.DELIVERED
    first, second = server.arrived
    assert first.recipients == ("zoë@example.com",)
    assert "SMTPUTF8" in first.options
    assert "To: zoë@example.com\r\n".encode() in first.content
    assert second.content.isascii() is sender_address.isascii()


def test_and_is_rejected_where_the_server_does_not(make_sender: MakeSender) -> None:
    with MailServer(enable_SMTPUTF8=False) as server:
        sender = make_sender(f"smtp+plain://{server.address}")
        result = sender.send(make_email(recipient="zoë@example.com"))
        assert result.outcome is Outcome.REJECTED
        assert result.detail == AttemptDetail(DetailCode.NO_SMTPUTF8, host="127.0.0.1", step="EHLO")
        assert sender.send(make_email()).outcome is Outcome.DELIVERED
        sender.close()


@pytest.mark.parametrize(
    ("reply_to", "header"),
    [
        ("bob@Bücher.example", "bob@xn--bcher-kva.example"),
        (None, None),
        ("zoë@example.com", None),  # needs a server with SMTPUTF8
    ],
)
def test_reply_address_is_a_header(reply_to: str | None, header: str | None) -> None:
    content = compose(make_email(reply_to=reply_to), ANN, ANN, NOW)
    assert parse_mail(content)["Reply-To"] == header
