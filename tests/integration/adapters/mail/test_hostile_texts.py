"""Hostile input adds no header and no recipient to a mail."""

from pathlib import Path

from leadtracker.adapters.mail.file_email_sender import FileEmailSender
from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender
from leadtracker.domain.model.deliveries.deliverable import Outcome
from tests.contracts.deliveries.email_sender import make_email
from tests.integration.adapters.mail.conftest import MakeSender
from tests.support.clock import NOW
from tests.support.examples.hostile_input import hostile_texts
from tests.support.examples.thoroughness import examples
from tests.support.memory.system import MemoryClock
from tests.support.servers.received_mail import assert_well_formed, parse_mail
from tests.support.servers.smtp import MailServer

TEXTS = hostile_texts(examples(500))


def test_hostile_subjects_and_texts_are_harmless(server: MailServer, sender: SmtpEmailSender) -> None:
    for text in TEXTS:
        result = sender.send(make_email(subject=text, text=text, html=text))
        assert result.outcome is Outcome.DELIVERED
    assert len(server.arrived) == len(TEXTS)
    for mail in server.arrived:
        assert_well_formed(mail.content)
        assert (mail.sender, mail.recipients) == ("leads@firm.example", ("ann@example.com",))


def test_hostile_recipient_is_harmless(server: MailServer, sender: SmtpEmailSender) -> None:
    for text in TEXTS:
        sender.send(make_email(recipient=f"ann@example.com{text}"))
        sender.send(make_email(recipient=f"{text}ann@example.com"))
    for mail in server.arrived:
        assert_well_formed(mail.content)
        assert len(mail.recipients) == 1
        assert "evil.example" not in mail.recipients[0].partition("@")[2]


def test_hostile_sender_name_is_harmless(tmp_path: Path, server: MailServer, make_sender: MakeSender) -> None:
    texts = [text.replace("<", "").replace(">", "") for text in TEXTS]
    for text in texts:
        sender = f"{text} <leads@firm.example>"
        file_sender = FileEmailSender(tmp_path, sender, MemoryClock(NOW))
        assert file_sender.send(make_email()).outcome is Outcome.DELIVERED
        content = (tmp_path / "message-1@leadtracker.eml").read_bytes()
        assert_well_formed(content)
        addresses = parse_mail(content)["From"].addresses
        assert [address.addr_spec for address in addresses] == ["leads@firm.example"]
    for text in texts[:60]:
        smtp_sender = make_sender(f"smtp+plain://{server.address}", f"{text} <leads@firm.example>")
        assert smtp_sender.send(make_email()).outcome is Outcome.DELIVERED
        smtp_sender.close()
    for mail in server.arrived:
        assert_well_formed(mail.content)
        assert (mail.sender, mail.recipients) == ("leads@firm.example", ("ann@example.com",))
