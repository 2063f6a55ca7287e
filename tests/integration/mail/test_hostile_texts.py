"""Whatever people type adds no header and no recipient to a mail."""

import random
from pathlib import Path

from leadtracker.adapters.mail.file_email_sender import FileEmailSender
from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender
from leadtracker.adapters.memory.clock import MemoryClock
from leadtracker.domain.model.delivery import Outcome
from tests.integration.mail.conftest import MakeSender, parsed
from tests.support.clock import NOW
from tests.support.contracts.email_sender import make_email
from tests.support.smtp import MailServer

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]
PIECES = [
    "\r\n",
    "\r",
    "\n",
    "\r\n\r\n",
    "\0",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    "\x1c",
    "\ud800",
    "\u202e",
    " ",
    "\t",
    "Bcc: eve@evil.example",
    "\r\n.\r\n",
    "\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<eve@evil.example>\r\nDATA\r\n",
    "=?utf-8?q?=0D=0ABcc:_eve@evil.example?=",
    "=?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
    "=?utf-8?q?",
    "?=",
    '"',
    "\\",
    "<eve@evil.example>",
    "(comment",
    ",",
    ";",
    ":",
    "é",
    "日本語",
    "👩‍👩‍👧",
    "x" * 10_000,
    "ä" * 10_000,
    "{{ 7*7 }}",
    "<script>",
]


def hostile(count: int) -> list[str]:
    """Every piece alone, then mixtures, the same in every run."""
    dice = random.Random(7)  # noqa: S311 - nobody guesses these
    mixed = ["".join(dice.choices(PIECES, k=dice.randint(2, 6))) for _ in range(count - len(PIECES))]
    return PIECES + mixed


def test_in_subjects_and_texts(server: MailServer, sender: SmtpEmailSender) -> None:
    texts = hostile(500)
    for text in texts:
        result = sender.send(make_email(subject=text, text=text, html=text))
        assert result.outcome is Outcome.DELIVERED
    assert len(server.arrived) == len(texts)
    for mail in server.arrived:
        assert_ordinary(mail.content)
        assert (mail.sender, mail.recipients) == ("leads@firm.example", ("ann@example.com",))


def test_in_recipients(server: MailServer, sender: SmtpEmailSender) -> None:
    for text in hostile(500):
        sender.send(make_email(recipient=f"ann@example.com{text}"))
        sender.send(make_email(recipient=f"{text}ann@example.com"))
    for mail in server.arrived:
        assert_ordinary(mail.content)
        assert len(mail.recipients) == 1
        assert "evil.example" not in mail.recipients[0].partition("@")[2]


def test_in_the_name_of_the_sender(tmp_path: Path, server: MailServer, make_sender: MakeSender) -> None:
    texts = [text.replace("<", "").replace(">", "") for text in hostile(500)]
    for text in texts:
        sender = f"{text} <leads@firm.example>"
        file_sender = FileEmailSender(tmp_path, sender, MemoryClock(NOW))
        assert file_sender.send(make_email()).outcome is Outcome.DELIVERED
        content = (tmp_path / "message-1@leadtracker.eml").read_bytes()
        assert_ordinary(content)
        addresses = parsed(content)["From"].addresses
        assert [address.addr_spec for address in addresses] == ["leads@firm.example"]
    for text in texts[:60]:
        smtp_sender = make_sender(f"smtp+plain://{server.address}", f"{text} <leads@firm.example>")
        assert smtp_sender.send(make_email()).outcome is Outcome.DELIVERED
        smtp_sender.close()
    for mail in server.arrived:
        assert_ordinary(mail.content)
        assert (mail.sender, mail.recipients) == ("leads@firm.example", ("ann@example.com",))


def assert_ordinary(content: bytes) -> None:
    """A mail has the usual headers, two texts, and nothing that a line may not have."""
    message = parsed(content)
    assert message.keys() == HEADERS
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\0" not in content
    assert max(len(line) for line in content.splitlines()) < 998
    assert len(message["Subject"].splitlines()) <= 1
