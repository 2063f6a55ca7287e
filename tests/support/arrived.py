"""Mails that arrived, as those who got them see them."""

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


def parsed(content: bytes) -> EmailMessage:
    """A mail's headers and texts."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def check_ordinary(content: bytes) -> None:
    """A mail has the usual headers, two texts, and nothing that a line may not have.

    Raises:
        AssertionError: it has not.
    """
    message = parsed(content)
    assert message.keys() == _HEADERS
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
