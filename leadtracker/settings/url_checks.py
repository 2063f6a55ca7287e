"""Validators of settings that hold URLs; each raises ValueError with a message that never holds the value."""

import os
import re
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from leadtracker.settings.checks import split_list

DATABASE = "database:"
_SMTP_SCHEMES = frozenset({"smtp", "smtps", "smtp+plain"})
_BUCKET = re.compile("[a-z0-9][a-z0-9._-]{1,62}", re.IGNORECASE)
# Incoming webhooks of chats want a message such as {"text": ...}, and answer anything else with an error.
_CHATS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"hooks\.slack(-gov)?\.com/(services|workflows|triggers)/", "Slack"),
        (r"(canary\.|ptb\.)?discord(app)?\.com/api/(v\d+/)?webhooks/", "Discord"),
        (r".*\.webhook\.office(365)?\.com/|outlook\.office(365)?\.com/webhook", "Microsoft Teams"),
        (r"chat\.googleapis\.com/", "Google Chat"),
        (r"api\.telegram\.org/", "Telegram"),
        (r"webexapis\.com/v1/webhooks/incoming/", "Webex"),
    )
)
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


def _split(url: SecretStr) -> SplitResult | None:
    """Split a URL; None if it is invalid. The reason is not passed on, since it may hold the password."""
    try:
        parts = urlsplit(url.get_secret_value())
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts


def check_database_url(url: SecretStr | None) -> SecretStr | None:
    """Require a URL of SQLite or PostgreSQL."""
    if url is not None:
        parts = _split(url)
        is_sqlite = parts and parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1
        # libpq takes the host as a parameter, too, such as the folder of a socket.
        has_host = parts and (parts.hostname or "host" in dict(parse_qsl(parts.query)))
        is_postgres = parts and parts.scheme in {"postgres", "postgresql"} and has_host
        if not is_sqlite and not is_postgres:
            message = "must be sqlite:///<path> or postgresql://user:password@host:5432/name"
            raise ValueError(message)
        if _BROKEN_ESCAPE.search(url.get_secret_value()):
            message = "has a % that does not begin an escape; write it as %25"
            raise ValueError(message)
    return url


def check_http_url(url: SecretStr | None) -> SecretStr | None:
    """Require an HTTP URL."""
    if url is not None:
        parts = _split(url)
        is_http = parts and parts.scheme in {"http", "https"} and parts.hostname
        if not is_http or not url.get_secret_value().isprintable():
            message = "must be an http:// or https:// URL"
            raise ValueError(message)
    return url


def check_webhook_urls(urls: SecretStr | None) -> SecretStr | None:
    """Require HTTP URLs, separated by commas or white space, of receivers that can read lead events."""
    for url in split_list(urls):
        check_http_url(SecretStr(url))
        parts = urlsplit(url)
        address = f"{parts.hostname}{parts.path}".lower()
        chat = next((name for pattern, name in _CHATS if pattern.match(address)), None)
        if chat is not None:
            message = (
                f"names a URL of {chat}, which rejects lead events because it expects messages in its own "
                "format; put a service between them that converts the events, such as a workflow"
            )
            raise ValueError(message)
    return urls


def check_smtp_url(url: SecretStr | None) -> SecretStr | None:
    """Require an SMTP URL with both a user and a password, or neither."""
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
            message = "has a character that must be escaped, or a % that does not begin an escape"
            raise ValueError(message)
    return url


def check_resumes_url(url: str) -> str:
    """Require the database, a writable folder, or a bucket if the S3 library is installed."""
    parts = _split(SecretStr(url))
    folder = split_folder(url)
    if url == DATABASE:
        return url
    if folder is not None:
        _check_can_be_written(folder)
    elif (
        not parts or parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc) or _is_more_than_a_path(url)
    ):
        message = f"must be {DATABASE} or file:///path or s3://bucket/prefix"
        raise ValueError(message)
    elif find_spec("obstore") is None:
        message = "needs the extra s3, which is not installed: pip install leadtracker[s3]"
        raise ValueError(message)
    return url


def split_folder(url: str) -> Path | None:
    """Return the folder of a ``file:`` URL; None for any other URL."""
    parts = _split(SecretStr(url))
    if not parts or parts.scheme != "file" or parts.netloc or _is_more_than_a_path(url):
        return None
    path = unquote(parts.path)
    return Path(path) if path.startswith("/") and path.strip("/") and path.isprintable() else None


def _is_more_than_a_path(url: str) -> bool:
    """Return whether a URL has a query, a fragment, or characters that must be escaped."""
    return "?" in url or "#" in url or not url.isprintable() or bool(_BROKEN_ESCAPE.search(url))


def _check_can_be_written(folder: Path) -> None:
    try:
        there = next(path for path in (folder, *folder.parents) if _exists(path))
        can_be_written = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    except OSError:  # this user may not look there, or the name is too long
        can_be_written = False
    if not can_be_written:
        message = "names a folder that cannot be created or written"
        raise ValueError(message)


def _exists(path: Path) -> bool:
    with suppress(FileNotFoundError, NotADirectoryError):
        path.stat()
        return True
    return False


def check_origins(text: str | None) -> str | None:
    """Require web origins, separated by commas or white space."""
    for origin in split_origins(text):
        check_http_url(SecretStr(origin))
        parts = urlsplit(origin)
        if origin != f"{parts.scheme}://{parts.netloc}".lower() or parts.username or "*" in origin:
            message = "must be origins such as https://www.example.com, in lower case, without a path"
            raise ValueError(message)
    return text


def split_origins(text: str | None) -> tuple[str, ...]:
    """Split origins at commas and white space; drop repetitions."""
    return tuple(dict.fromkeys((text or "").replace(",", " ").split()))


def check_public_url(url: str | None) -> str | None:
    """Require an HTTP URL to which a path can be appended."""
    if url is not None:
        check_http_url(SecretStr(url))
        parts = urlsplit(url)
        if parts.username or parts.password or parts.query or parts.fragment:
            message = "must be an http:// or https:// URL without user, query or fragment"
            raise ValueError(message)
    return url


def check_security_contact(url: str | None) -> str | None:
    """Require a URL of the schemes that RFC 9116 recommends."""
    if url is not None and not (
        url.startswith(("mailto:", "https://")) and url.isprintable() and " " not in url
    ):
        message = "must be a mailto: or https:// URL"
        raise ValueError(message)
    return url
