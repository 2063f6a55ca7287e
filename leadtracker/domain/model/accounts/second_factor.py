"""Second factors: one-time passwords of an authenticator app, and recovery codes."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import User, digest_of
from leadtracker.domain.model.values.timestamps import check_utc

GRACE = timedelta(days=7)
"""For how long a user whom the policy obliges may work without a second factor."""

NUMBER_OF_RECOVERY_CODES = 10
MAX_CODE_LENGTH = 50
"""The maximum length of what is accepted as a code, with blanks and hyphens."""

MAX_FAILURES = 10
LOCKED_FOR = timedelta(minutes=15)
"""After ``MAX_FAILURES`` wrong codes in a row no code of that user is accepted for this time."""

_RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_LENGTH, _RECOVERY_GROUP = 24, 4
_CODE = re.compile("[0-9]{6}", re.ASCII)


class SecondFactorPolicy(StrEnum):
    """Which users must have a second factor."""

    OFF = "off"
    """None; everyone may."""
    ADMINS = "admins"
    """Users with the role admin."""
    ALL = "all"
    """Every user."""

    def obliges(self, user: User) -> bool:
        """Return True if the user must have a second factor."""
        return self is SecondFactorPolicy.ALL or (
            self is SecondFactorPolicy.ADMINS and user.role is Role.ADMIN
        )

    def is_unmet(self, user: User) -> bool:
        """Return True if the user must have a second factor and has none."""
        return self.obliges(user) and user.second_factor_at is None

    def is_overdue(self, user: User, now: datetime) -> bool:
        """Return True if the user has none although the time to set it up is over."""
        until = user.second_factor_grace_until
        return self.is_unmet(user) and until is not None and now >= until


@frozen(kw_only=True)
class SecondFactor:
    """The shared secret of a user's authenticator app, and what was made of it.

    Attributes:
        user: the user's name.
        sealed_secret: the secret, encrypted.
        enabled_at: since when it is asked for; None until the user has proved that the app works.
        last_step: the time step of the latest accepted code, which is not accepted again.
        failures: the number of wrong codes in a row.
        failed_at: the time of the last wrong code; None without one.
    """

    user: str
    sealed_secret: str = field(repr=False)
    enabled_at: datetime | None = field(default=None, validator=check_utc)
    last_step: int = 0
    failures: int = 0
    failed_at: datetime | None = field(default=None, validator=check_utc)

    def is_locked(self, now: datetime) -> bool:
        """Return True if too many codes in a row were wrong a short time ago."""
        recently = self.failed_at is not None and now - self.failed_at < LOCKED_FOR
        return recently and self.failures >= MAX_FAILURES

    def after_failure(self, now: datetime) -> "SecondFactor":
        """Return it after a wrong code; failures of long ago are forgotten."""
        is_recent = self.failed_at is not None and now - self.failed_at < LOCKED_FOR
        return evolve(self, failures=self.failures + 1 if is_recent else 1, failed_at=now)

    def after_success(self, step: int) -> "SecondFactor":
        """Return it after the code of a time step was accepted."""
        return evolve(self, last_step=max(step, self.last_step), failures=0, failed_at=None)


def purpose_of(user: str) -> str:
    """Return the purpose for which the secret of a user's second factor is sealed."""
    return f"second factor of {user}"


def recovery_code(secret: str) -> str:
    """Make a recovery code of 256 random bits, in groups that are easy to copy; it keeps 118 of them."""
    random_bytes = bytes.fromhex(digest_of(secret))[:_RECOVERY_LENGTH]
    signs = "".join(_RECOVERY_ALPHABET[byte % len(_RECOVERY_ALPHABET)] for byte in random_bytes)
    groups = (signs[at : at + _RECOVERY_GROUP] for at in range(0, _RECOVERY_LENGTH, _RECOVERY_GROUP))
    return "-".join(groups)


def is_code(text: str) -> bool:
    """Return True if a text has the form of a code of an authenticator app, which no password has."""
    return _CODE.fullmatch(text.replace(" ", "")) is not None


def recovery_digest(code: str) -> str:
    """Return the digest by which a recovery code is stored; case, blanks and hyphens do not matter."""
    return digest_of("".join(character for character in code.casefold() if character.isalnum()))
