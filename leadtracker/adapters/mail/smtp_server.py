"""Which server takes the mails, and how it is spoken to."""

from enum import StrEnum
from urllib.parse import unquote, urlsplit

from attrs import field, frozen


class Security(StrEnum):
    """How a conversation is kept from others; the values are the schemes of its URLs."""

    STARTTLS = "smtp"
    TLS = "smtps"
    NONE = "smtp+plain"


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@frozen
class Credentials:
    """Who signs in, and with what."""

    user: str
    password: str = field(repr=False)


@frozen
class SmtpServer:
    """Where a server is, and what it wants."""

    security: Security
    host: str
    port: int
    credentials: Credentials | None = None

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Read ``smtp://user:password@host:587``, ``smtps://…`` or ``smtp+plain://…``.

        Raises:
            ValueError: it is none of these; the message holds nothing of it.
        """
        try:
            parts = urlsplit(url)
            security, port = Security(parts.scheme), parts.port
        except ValueError:
            raise ValueError("must be an SMTP URL") from None
        if not parts.hostname:
            raise ValueError("must name a host")
        credentials = None
        if parts.username:
            credentials = Credentials(unquote(parts.username), unquote(parts.password or ""))
        return cls(security, parts.hostname, port or _PORTS[security], credentials)
