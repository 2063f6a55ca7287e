"""The mail server that ``LEADTRACKER_SMTP_URL`` names."""

from enum import StrEnum
from urllib.parse import unquote, urlsplit

from attrs import field, frozen


class Security(StrEnum):
    """Encryption of the connection; the values are the URL schemes."""

    STARTTLS = "smtp"
    TLS = "smtps"
    NONE = "smtp+plain"


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@frozen
class Credentials:
    """User name and password for AUTH."""

    user: str
    password: str = field(repr=False)


@frozen
class SmtpServer:
    """Address of a mail server, how to encrypt the connection, and how to authenticate."""

    security: Security
    host: str
    port: int
    credentials: Credentials | None = None

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Read ``smtp://user:password@host:587``, ``smtps://…`` or ``smtp+plain://…``.

        Raises:
            ValueError: the URL is invalid; the message holds no part of it, since it may hold a password.
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
