"""Ports of second factors: their store, their one-time passwords, and the encryption of their secrets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.accounts.second_factor import SecondFactor


class SecondFactorStore(Protocol):
    """Stores the second factor of each user, and the digests of the user's recovery codes."""

    def find(self, user: str) -> SecondFactor | None:
        """Return the second factor of a user, enabled or not; None without one.

        A writing unit of work locks it until its end.
        """
        ...

    def all(self) -> list[SecondFactor]:
        """Return every second factor, sorted by the user's name."""
        ...

    def save(self, factor: SecondFactor) -> None:
        """Store a new second factor of an existing user, or the new state of one."""
        ...

    def remove(self, user: str) -> None:
        """Delete the second factor of a user with all recovery codes; do nothing if there is none."""
        ...

    def replace_recovery_codes(self, user: str, digests: Iterable[str]) -> None:
        """Replace all recovery codes of a user."""
        ...

    def take_recovery_code(self, user: str, digest: str) -> bool:
        """Delete a recovery code; False if the user has none with that digest, for example any more."""
        ...

    def count_recovery_codes(self, user: str) -> int:
        """Return the number of recovery codes that a user has left."""
        ...


class OneTimePasswords(Protocol):
    """Time-based one-time passwords (RFC 6238) of six digits that change every 30 seconds."""

    def new_secret(self) -> str:
        """Return a new secret of 160 random bits in Base32."""
        ...

    def uri(self, secret: str, user: str) -> str:
        """Return the URI that authenticator apps read from a QR code."""
        ...

    def matching_step(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the number of the time step whose password is ``code``; None if it is wrong.

        The steps before and after that of ``now`` count, too, because clocks differ.
        """
        ...


class SecretBox(Protocol):
    """Encrypts secrets that have to be stored in a form that can be read again."""

    def seal(self, text: str, purpose: str) -> str:
        """Encrypt a text; it can be opened for the same purpose only."""
        ...

    def open(self, sealed: str, purpose: str) -> str:
        """Return the text.

        Raises:
            SecretUnreadable: it was sealed with another key or for another purpose, or was changed.
        """
        ...
