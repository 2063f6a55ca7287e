"""Mails are sent in short lines of ASCII and arrive as they were written."""

from datetime import UTC, datetime
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from leadtracker.adapters.mail.composing import compose
from leadtracker.domain.model.deliveries.email import Email, Mailbox
from tests.support.servers.received_mail import parse_mail

OFFICE = Mailbox.parse("office@example.com")
ANN = Mailbox.parse("ann@example.com")
TEXTS = st.text(st.sampled_from("ab .=-_\t\n\r\f\u2028é漢\ud800")) | st.text()


@given(text=TEXTS, html=TEXTS)
def test_any_text_arrives_unchanged(text: str, html: str) -> None:
    email = Email(message_id="<a@b>", recipient=ANN.address, subject="Hello", text=text, html=html)
    mail = compose(email, OFFICE, ANN, datetime(2026, 11, 16, tzinfo=UTC))
    lines = mail.split(b"\r\n")
    assert mail.isascii()
    assert all(len(line) <= 76 and not {10, 13} & set(line) for line in lines)
    parts = list(parse_mail(mail).iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [lines_of(part) for part in parts] == [readable(text), readable(html)]


def lines_of(part: object) -> list[bytes]:
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).encode().splitlines()


def readable(text: str) -> list[bytes]:
    """Return the text as it must arrive: with LF line ends and without lone surrogates."""
    return text.encode("utf-8", "replace").splitlines() or [b""]
