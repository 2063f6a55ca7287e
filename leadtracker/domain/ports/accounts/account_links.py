"""Port: stored links that are mailed to users."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.accounts.account_link import AccountLink


class AccountLinks(Protocol):
    """Stores links by their id and by the digest of their token."""

    def add(self, link: AccountLink) -> None:
        """Store a new link."""
        ...

    def find(self, link_id: str) -> AccountLink | None:
        """Return the link with that id, expired or not; None if there is none."""
        ...

    def find_by_digest(self, digest: str) -> AccountLink | None:
        """Return the link whose token has that digest, expired or not; None if there is none."""
        ...

    def waiting(self) -> list[AccountLink]:
        """Return the links whose mails are to be enqueued, the oldest first."""
        ...

    def of(self, user: str) -> list[AccountLink]:
        """Return the links of a user, expired or not, the oldest first."""
        ...

    def mark_enqueued(self, link_id: str) -> bool:
        """Record that the mail is enqueued; False if that was done before, or the link is gone."""
        ...

    def take(self, digest: str) -> AccountLink | None:
        """Delete the link whose token has that digest, and return it; None if there is none any more.

        Of several concurrent callers only one gets the link.
        """
        ...

    def remove(self, link_id: str) -> None:
        """Delete a link; do nothing if there is no such link."""
        ...

    def remove_of(self, user: str) -> None:
        """Delete all links of a user."""
        ...

    def purge(self, before: datetime) -> int:
        """Delete the links that were made at that time or earlier, and return their number."""
        ...
