"""What a value must be; each check raises ValueError with a message that never holds the value."""

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from limits import parse_many
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from pydantic import SecretStr, ValidationInfo

from leadtracker.domain.model.deliveries.mailbox import Mailbox
from leadtracker.domain.model.deliveries.webhook import WebhookSecret
from leadtracker.domain.model.email_address import EmailAddress

NO_LIMIT = "off"
DATABASE = "database:"
NO_DIGEST = "off"
_SMTP_SCHEMES = frozenset({"smtp", "smtps", "smtp+plain"})
_TIME_OF_DAY = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
_BUCKET = re.compile("[a-z0-9][a-z0-9._-]{1,62}", re.IGNORECASE)
_MAX_WEBHOOK_SECRETS = 2  # the old one and the new one
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


def parse_zone(value: Any) -> ZoneInfo:
    """A time zone by its name."""
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = "must be an IANA time zone, such as Europe/Berlin"
        raise ValueError(message) from None


def _split(url: SecretStr) -> SplitResult | None:
    """The parts of a URL, or None if it is none; why is not told, since the reason may hold its password."""
    try:
        parts = urlsplit(url.get_secret_value())
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts


def check_database_url(url: SecretStr | None) -> SecretStr | None:
    """A database that there is an adapter for."""
    if url is not None:
        parts = _split(url)
        is_sqlite = parts and parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1
        is_postgres = parts and parts.scheme == "postgresql" and parts.hostname
        if not is_sqlite and not is_postgres:
            message = "must be sqlite:///<path> or postgresql://user:password@host:5432/name"
            raise ValueError(message)
        if _BROKEN_ESCAPE.search(url.get_secret_value()):
            message = "has a % that begins no escape; write it as %25"
            raise ValueError(message)
    return url


def check_http_url(url: SecretStr | None) -> SecretStr | None:
    """A URL that can be posted to."""
    if url is not None:
        parts = _split(url)
        is_http = parts and parts.scheme in {"http", "https"} and parts.hostname
        if not is_http or not url.get_secret_value().isprintable():
            message = "must be an http:// or https:// URL"
            raise ValueError(message)
    return url


def check_webhook_urls(urls: SecretStr | None) -> SecretStr | None:
    """URLs that can be posted to."""
    for url in split_list(urls):
        check_http_url(SecretStr(url))
    return urls


def check_webhook_secret(secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    """One secret or two, which there must be if there is anything to sign."""
    texts = split_list(secret)
    if not texts and split_list(info.data.get("webhook_urls")):
        message = "is needed to sign what is sent to LEADTRACKER_WEBHOOK_URLS"
        raise ValueError(message)
    if len(texts) > _MAX_WEBHOOK_SECRETS:
        message = "must be one secret, or two while one is being changed for another"
        raise ValueError(message)
    for text in texts:
        WebhookSecret.parse(text)
    return secret


def split_list(value: SecretStr | None) -> tuple[str, ...]:
    """What stands between commas and white space, each once."""
    text = "" if value is None else value.get_secret_value()
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def check_smtp_url(url: SecretStr | None) -> SecretStr | None:
    """A mail server, with a name and a password or with neither."""
    if url is not None:
        parts = _split(url)
        is_smtp = parts and parts.scheme in _SMTP_SCHEMES and parts.hostname and parts.path in {"", "/"}
        if not parts or not is_smtp or parts.query or parts.fragment:
            message = "must be smtp://user:password@host:587, smtps://… or smtp+plain://…"
            raise ValueError(message)
        if bool(parts.username) is not bool(parts.password):
            message = "must have both a user and a password, or neither"
            raise ValueError(message)
        if _BROKEN_ESCAPE.search(url.get_secret_value()) or not url.get_secret_value().isprintable():
            message = "has a character that must be escaped, or a % that begins no escape"
            raise ValueError(message)
    return url


def check_resumes_url(url: str) -> str:
    """The database, a folder that is there or can be made, or a bucket that there is a library for."""
    parts = _split(SecretStr(url))
    folder = split_folder(url)
    if url == DATABASE:
        return url
    if folder is not None:
        _check_can_be_written(folder)
    elif not parts or parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc) or _goes_on(url):
        message = f"must be {DATABASE} or file:///path or s3://bucket/prefix"
        raise ValueError(message)
    elif find_spec("obstore") is None:
        message = "needs the extra s3, which is not installed: pip install leadtracker[s3]"
        raise ValueError(message)
    return url


def split_folder(url: str) -> Path | None:
    """The folder of a ``file:`` URL; None if it is none."""
    parts = _split(SecretStr(url))
    if not parts or parts.scheme != "file" or parts.netloc or _goes_on(url):
        return None
    path = unquote(parts.path)
    return Path(path) if path.startswith("/") and path.strip("/") and path.isprintable() else None


def _goes_on(url: str) -> bool:
    """Whether a URL says more than where, or has what would have to be escaped."""
    return "?" in url or "#" in url or not url.isprintable() or bool(_BROKEN_ESCAPE.search(url))


def _check_can_be_written(folder: Path) -> None:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        message = "names a folder that cannot be made or written"
        raise ValueError(message)


def check_mailbox(text: str) -> str:
    """An address, with or without a name."""
    if not text.isprintable():
        message = "must not contain control characters"
        raise ValueError(message)
    try:
        Mailbox.parse(text)
    except ValueError:
        message = "must be an e-mail address, such as name@example.com or Name <name@example.com>"
        raise ValueError(message) from None
    return text


def check_addresses(text: str | None) -> str | None:
    """Addresses, with commas between them."""
    for address in split_addresses(text):
        EmailAddress.parse(address)
    return text


def split_addresses(text: str | None) -> tuple[str, ...]:
    """The addresses of a text with commas between them, each once."""
    parts = (part.strip() for part in (text or "").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def check_origins(text: str | None) -> str | None:
    """Sites by their origins, with commas between them."""
    for origin in split_origins(text):
        check_http_url(SecretStr(origin))
        parts = urlsplit(origin)
        if origin != f"{parts.scheme}://{parts.netloc}".lower() or parts.username or "*" in origin:
            message = "must be origins such as https://www.example.com, in small letters, without a path"
            raise ValueError(message)
    return text


def split_origins(text: str | None) -> tuple[str, ...]:
    """The origins of a text with commas between them, each once."""
    return tuple(dict.fromkeys((text or "").replace(",", " ").split()))


def check_public_url(url: str | None) -> str | None:
    """Where people reach the program, so that a path can be put behind it."""
    if url is not None:
        check_http_url(SecretStr(url))
        parts = urlsplit(url)
        if parts.username or parts.password or parts.query or parts.fragment:
            message = "must be an http:// or https:// URL without user, query or fragment"
            raise ValueError(message)
    return url


def check_header_value(value: SecretStr | None) -> SecretStr | None:
    """A text that can be sent in a header."""
    if value is not None:
        text = value.get_secret_value()
        if not (text.isascii() and text.isprintable()):
            message = "must be printable ASCII, as it is sent in a header"
            raise ValueError(message)
    return value


def check_time_of_day(text: str) -> str:
    """A time of day, or none."""
    if text != NO_DIGEST and not _TIME_OF_DAY.fullmatch(text):
        message = "must be a time of day, such as 08:00, or off"
        raise ValueError(message)
    return text


def check_region(region: str | None) -> str | None:
    """A country whose phone numbers are known."""
    if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        message = "must be an ISO country code, such as DE"
        raise ValueError(message)
    return region


def check_rate_limit(text: str) -> str:
    """A rate limit, or none."""
    try:
        limits = [] if text == NO_LIMIT else parse_many(text)
        is_one = len(limits) == 1 and limits[0].amount >= 1
    except ValueError:
        is_one = False
    if text != NO_LIMIT and not is_one:
        message = "must be a number per time, such as 10/15 minutes, or off"
        raise ValueError(message)
    return text


def check_rate_limit_storage(uri: SecretStr) -> SecretStr:
    """A place to count in."""
    try:
        MovingWindowRateLimiter(storage_from_string(uri.get_secret_value()))
    except (ConfigurationError, ValueError, AssertionError, NotImplementedError):
        message = "must be a storage that the limits library can use here, such as memory:// or redis://host"
        raise ValueError(message) from None
    except Exception:  # noqa: BLE001 - each kind of storage raises errors of its own
        return uri  # it was understood, but cannot be reached now, which may pass
    return uri
