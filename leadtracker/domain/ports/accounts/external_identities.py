"""Port: stored external identities."""

from typing import Protocol

from leadtracker.domain.model.accounts.external_identity import ExternalIdentity


class ExternalIdentities(Protocol):
    """Stores which user a person at an OpenID provider is."""

    def find(self, issuer: str, subject: str) -> ExternalIdentity | None:
        """Return the identity of this person; None if there is none."""
        ...

    def of_user(self, user: str) -> list[ExternalIdentity]:
        """Return the identities of a user, sorted by issuer and subject."""
        ...

    def all(self) -> list[ExternalIdentity]:
        """Return every identity, sorted by issuer and subject."""
        ...

    def remove_of_user(self, user: str) -> int:
        """Delete the identities of a user; return their number."""
        ...

    def add(self, identity: ExternalIdentity) -> bool:
        """Store the identity of an existing user.

        Returns:
            False if the person has an identity already, which stays; the transaction stays usable.
        """
        ...
