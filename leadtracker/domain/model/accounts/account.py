"""Accounts: the users and API keys that may come in."""

import hashlib
import re
from datetime import datetime

from attrs import field, frozen

from leadtracker.domain.errors import AccountNotFound, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Role
from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.field_parser import clean_text
from leadtracker.domain.model.timestamps import check_utc

MAX_ACCOUNT_NAME_LENGTH = 100
MAX_PASSWORD_LENGTH = 1_000
WEAK_PASSWORD_LENGTH = 12
"""Shorter passwords are taken with a warning: the operator may know why."""

API_KEY_PREFIX = "lt_"

_USER = "user:"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # cannot be written as UTF-8, so nothing can hash it


@frozen(kw_only=True)
class User:
    """A person who signs in with a password."""

    name: str
    role: Role
    email: str | None = None
    password_hash: str = field(repr=False)
    created_at: datetime = field(validator=check_utc)
    disabled_at: datetime | None = field(default=None, validator=check_utc)

    @property
    def reachable_at(self) -> EmailAddress | None:
        """Where the user gets mail; None if there is no address, or if the user is disabled."""
        if self.email is None or self.disabled_at is not None:
            return None
        return EmailAddress.parse(self.email)

    @property
    def is_enabled_admin(self) -> bool:
        """Whether this is one of those who can let others in."""
        return self.role is Role.ADMIN and self.disabled_at is None

    @property
    def actor(self) -> Actor:
        """The user as one who asks."""
        return Actor(f"{_USER}{self.name}", self.role)


@frozen(kw_only=True)
class ApiKey:
    """A program's way in; only the digest of its secret is kept."""

    name: str
    role: Role
    digest: str = field(repr=False)
    created_at: datetime = field(validator=check_utc)
    revoked_at: datetime | None = field(default=None, validator=check_utc)

    @property
    def actor(self) -> Actor:
        """The key as one who asks."""
        return Actor(f"api-key:{self.name}", self.role)


def digest_of(secret: str) -> str:
    """The SHA-256 of an API key, in hex: a key of 256 random bits needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def user_name_of(actor_name: str) -> str | None:
    """The name of the user who is called ``actor_name`` as an actor; None if that is no user."""
    return actor_name.removeprefix(_USER) if actor_name.startswith(_USER) else None


def check_account_name(raw: str) -> str:
    """The cleaned name of a user or API key.

    Raises:
        InvalidInput: if it is empty, too long, has a colon (which Basic authentication cannot carry), or is
            one of the two that no URL can name, since clients take them for steps of a path.
    """
    try:
        name = clean_text(raw, limit=MAX_ACCOUNT_NAME_LENGTH)
    except ValueError as error:
        raise InvalidInput.of("name", str(error)) from None
    if not name or ":" in name:
        raise InvalidInput.of("name", "must not be empty and must not contain a colon")
    if name in {".", ".."}:
        raise InvalidInput.of("name", "must not be a dot or two")
    return name


def name_to_find(raw: str) -> str:
    """The name under which an account would be stored.

    Raises:
        AccountNotFound: no account can have that name.
    """
    try:
        return check_account_name(raw)
    except InvalidInput:
        raise AccountNotFound(raw) from None


def check_password(password: str) -> str:
    """The password itself.

    Raises:
        InvalidInput: if it is empty, too long, or holds what is no character.
    """
    if not 1 <= len(password) <= MAX_PASSWORD_LENGTH:
        raise InvalidInput.of("password", f"must have 1 to {MAX_PASSWORD_LENGTH} characters")
    if _LONE_SURROGATE.search(password):
        raise InvalidInput.of("password", "must not contain lone surrogates")
    return password
