"""A mail in the form in which it travels (RFC 5322 and MIME).

Subjects and names hold what anybody typed into a public form. Python's header classes parse what they are
given, so that an encoded word in it could come out as a line break; so every header is written here, in ASCII
that cannot end a line. The rest of such a mail is always the same and takes a tenth of the library's time.
"""

import re
import unicodedata
from binascii import b2a_qp
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.deliveries.mailbox import Mailbox

_MAX_SUBJECT_LENGTH = 200
_MAX_DISPLAY_NAME_LENGTH = 100
_NEVER_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_PLAIN = re.compile(r"[ -~]{0,60}")
_ATOMS = re.compile(r"[A-Za-z0-9 ]*")
_BOUNDARY = "=_part"  # no part can hold it: in quoted-printable only hexadecimal digits follow a "="
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+>")


def compose(email: Email, sender: Mailbox, recipient: Mailbox, date: datetime) -> bytes:
    """The mail with CRLF line ends; ASCII unless one of the mailboxes is international.

    Raises:
        ValueError: the message id is none, a programming error.
    """
    if not _MESSAGE_ID.fullmatch(email.message_id):
        raise ValueError("message_id must be <word@domain>")
    headers = {
        "From": _mailbox(sender),
        "To": recipient.address,
        "Subject": _words(_one_line(email.subject, _MAX_SUBJECT_LENGTH), "Subject"),
        "Date": format_datetime(date),
        "Message-ID": email.message_id,
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{_BOUNDARY}"',
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
    parts = _part("plain", email.text) + _part("html", email.html)
    return b"%b\r\n%b--%b--\r\n" % (head, parts, _BOUNDARY.encode())


def _part(subtype: str, text: str) -> bytes:
    """A part with its boundary; its encoding (RFC 2045, section 6.7) is ASCII in short lines."""
    lines = text.encode("utf-8", "replace").splitlines() or [b""]
    body = b2a_qp(b"\r\n".join(lines) + b"\r\n")
    head = (
        f"--{_BOUNDARY}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + body + b"\r\n"


def _mailbox(mailbox: Mailbox) -> str:
    name = _one_line(mailbox.name, _MAX_DISPLAY_NAME_LENGTH)
    if not name:
        return mailbox.address
    shown = name if _ATOMS.fullmatch(name) else _encoded(name, "From")
    return f"{shown}\r\n <{mailbox.address}>"


def _words(text: str, header: str) -> str:
    """The text as it is, where nobody can take it for an encoded word, else in encoded words (RFC 2047)."""
    return text if _PLAIN.fullmatch(text) and "=?" not in text else _encoded(text, header)


def _encoded(text: str, header: str) -> str:
    return Header(text, "utf-8", maxlinelen=75, header_name=header).encode(linesep="\r\n")


def _one_line(text: str, limit: int) -> str:
    """The text with a single space for whatever could end a line, move in it or be no character at all."""
    visible = (" " if unicodedata.category(char) in _NEVER_IN_A_LINE else char for char in text)
    line = " ".join("".join(visible).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
