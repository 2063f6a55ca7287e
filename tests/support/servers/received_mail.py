"""Received mails, as their recipients see them."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

_HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]


def parse_mail(content: bytes) -> EmailMessage:
    """Parse a mail into its headers and texts."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def assert_well_formed(content: bytes) -> None:
    """Check that a mail has the standard headers, two texts and no malformed lines.

    Raises:
        AssertionError: it has not.
    """
    message = parse_mail(content)
    assert [name for name in message.keys() if name != "Reply-To"] == _HEADERS  # noqa: SIM118 - headers repeat
    assert len(message.get_all("Reply-To", [])) <= 1
    assert "Reply-To" not in message or len(message["Reply-To"].addresses) == 1
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
