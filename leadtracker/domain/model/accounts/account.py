"""Accounts: users and API keys."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from attrs import field, frozen

from leadtracker.domain.errors import AccountNotFound, InvalidInput
from leadtracker.domain.model.accounts.access import Actor, Role
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import clean_text, field_error
from leadtracker.domain.model.values.timestamps import check_utc

MAX_ACCOUNT_NAME_LENGTH = 100
API_KEY_PREFIX = "lt_"
RESERVED_NAMES = ("me", "none")
"""The values that lists take as an owner besides the names of users; no account has these names."""

EXPIRY_WARNING = timedelta(days=14)
"""The time before its expiry in which an API key is pointed out to admins."""

USE_PRECISION = timedelta(hours=1)
"""The last use of a key is stored at most once within this time, so that requests cost no writing."""

_USER = "user:"


class Assignment(StrEnum):
    """How new leads of anonymous clients get an owner, among the enabled users who are assignable."""

    NONE = "none"
    """They are unowned."""
    ROUND_ROBIN = "round-robin"
    """The users take turns, in the order of their names."""
    LEAST_BUSY = "least-busy"
    """The user with the fewest open leads."""


class PasswordState(StrEnum):
    """Who has chosen the password of a user."""

    OWN = "own"
    """The user, or the operator."""
    TEMPORARY = "temporary"
    """An admin; the user must choose another one before using the pages."""
    INVITED = "invited"
    """There is none yet: the user was invited to choose one."""
    NONE = "none"
    """There is none: the user signs in through the OpenID provider."""


@frozen(kw_only=True)
class User:
    """A person who signs in with a password, or through the OpenID provider.

    Attributes:
        is_assignable: true if new leads may be assigned to the user.
        password_hash: empty if there is no password; it is the hash of none.
        password_state: who has chosen the password.
        second_factor_at: since when signing in needs a second factor; None if it needs none.
        second_factor_grace_until: until when the user may work without the second factor that the policy
            demands; None if the time has not begun.
    """

    name: str
    role: Role
    email: str | None = None
    is_assignable: bool = False
    password_hash: str = field(repr=False)
    password_state: PasswordState = PasswordState.OWN
    second_factor_at: datetime | None = field(default=None, validator=check_utc)
    second_factor_grace_until: datetime | None = field(default=None, validator=check_utc)
    created_at: datetime = field(validator=check_utc)
    disabled_at: datetime | None = field(default=None, validator=check_utc)

    @property
    def reachable_at(self) -> EmailAddress | None:
        """The address for e-mails to the user; None without an address or for a disabled user."""
        if self.email is None or self.disabled_at is not None:
            return None
        return EmailAddress.parse(self.email)

    @property
    def has_password(self) -> bool:
        """True unless the user signs in through the OpenID provider only."""
        return self.password_state is not PasswordState.NONE

    @property
    def is_invited(self) -> bool:
        """True until the user has chosen a password after an invitation."""
        return self.password_state is PasswordState.INVITED

    @property
    def must_change_password(self) -> bool:
        """True if the user must choose another password before using the pages."""
        return self.password_state is PasswordState.TEMPORARY

    @property
    def is_enabled_admin(self) -> bool:
        """True for an admin who is not disabled and can sign in, unlike one who was only invited."""
        return self.role is Role.ADMIN and self.disabled_at is None and not self.is_invited

    @property
    def actor(self) -> Actor:
        """The actor that the user is after signing in."""
        return Actor(f"{_USER}{self.name}", self.role)


@frozen(kw_only=True)
class ApiKey:
    """The credentials of an API client; only the digest of the secret is stored.

    Attributes:
        created_by: the name of the actor who added it; None if unknown.
        expires_at: from when on it is rejected; None without an end.
        last_used_at: when it was used last, to the hour; None if it never was.
    """

    name: str
    role: Role
    digest: str = field(repr=False)
    created_at: datetime = field(validator=check_utc)
    created_by: str | None = None
    expires_at: datetime | None = field(default=None, validator=check_utc)
    last_used_at: datetime | None = field(default=None, validator=check_utc)
    revoked_at: datetime | None = field(default=None, validator=check_utc)

    def is_valid(self, now: datetime) -> bool:
        """Return True if the key is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def expires_soon(self, now: datetime) -> bool:
        """Return True if the key is valid but expires within ``EXPIRY_WARNING``."""
        return self.is_valid(now) and self.expires_at is not None and self.expires_at - now < EXPIRY_WARNING

    @property
    def creator(self) -> str | None:
        """The name of the user whose disabling withdraws the key, because they have seen its secret.

        None if the operator added it, and for senders: a website must not lose leads because an admin left.
        """
        return None if self.role is Role.SENDER else user_name_of(self.created_by or "")

    @property
    def actor(self) -> Actor:
        """The actor that a request with this key has."""
        return Actor(f"api-key:{self.name}", self.role)


def expiring(keys: Iterable[ApiKey], now: datetime) -> list[ApiKey]:
    """Return the keys that expire soon, the next one first."""
    soon = [(key.expires_at, key) for key in keys if key.expires_soon(now)]
    return [key for _, key in sorted(soon, key=lambda pair: pair[0] or now)]


def digest_of(secret: str) -> str:
    """Return the SHA-256 of a secret in hex: 256 random bits need neither salt nor a slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def user_name_of(actor_name: str) -> str | None:
    """Return the user name in an actor's name, such as ann in ``user:ann``; None for other actors."""
    return actor_name.removeprefix(_USER) if actor_name.startswith(_USER) else None


def check_account_name(raw: str) -> str:
    """Validate and return the cleaned name of a user or API key.

    Raises:
        InvalidInput: it is empty or too long, contains a colon, which Basic authentication cannot carry, or
            is ``.`` or ``..``, which clients remove from URLs, or is one of ``RESERVED_NAMES``.
    """
    try:
        name = clean_text(raw, limit=MAX_ACCOUNT_NAME_LENGTH)
    except ValueError as error:
        raise InvalidInput([field_error("name", error)]) from None
    if not name or ":" in name:
        raise InvalidInput([field_error("name", InvalidValue("bad-account-name"))])
    if name in {".", "..", *RESERVED_NAMES}:
        raise InvalidInput([field_error("name", InvalidValue("reserved-name"))])
    return name


def name_to_find(raw: str, kind: str = "user") -> str:
    """Return the cleaned form of a name by which a user, or another ``kind`` of account, is looked up.

    Raises:
        AccountNotFound: the name is invalid, so no account has it.
    """
    try:
        return check_account_name(raw)
    except InvalidInput:
        raise AccountNotFound(raw, kind) from None


def cleaned_name(raw: str) -> str:
    """Return a name as those of users are cleaned; one that no user can have without the blanks around it."""
    try:
        return clean_text(raw, limit=MAX_ACCOUNT_NAME_LENGTH)
    except ValueError:
        return raw.strip()
