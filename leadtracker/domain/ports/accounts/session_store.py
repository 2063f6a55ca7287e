"""Port: stored login sessions."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.accounts.user_session import UserSession


class SessionStore(Protocol):
    """Stores the login sessions of users by the digest of their secret."""

    def add(self, session: UserSession) -> None:
        """Store a new session of an existing user."""
        ...

    def find(self, digest: str) -> UserSession | None:
        """Return the session with that digest, expired or not; None if there is none."""
        ...

    def of(self, user: str) -> list[UserSession]:
        """Return all sessions of a user, expired or not, the one used last first."""
        ...

    def see(self, digest: str, now: datetime) -> None:
        """Record the time of a session's last use; do nothing if there is no such session."""
        ...

    def confirm(self, digest: str, now: datetime) -> None:
        """Record that the user of a session has proved their identity; do nothing if there is none."""
        ...

    def claim_check(self, session: UserSession, now: datetime) -> bool:
        """Record that the OpenID provider is asked about a session now.

        Returns:
            False if another unit of work has done so since the session was read, or it has ended.
        """
        ...

    def keep_tokens(self, digest: str, sealed_tokens: str) -> None:
        """Replace the tokens of a session; do nothing if there is no such session."""
        ...

    def end(self, digest: str) -> None:
        """Delete a session; do nothing if there is no such session."""
        ...

    def end_of(self, user: str) -> None:
        """Delete all sessions of a user."""
        ...

    def purge(self, *, seen_before: datetime, started_before: datetime) -> int:
        """Delete expired sessions.

        Args:
            seen_before: delete sessions that were last used at this time or before.
            started_before: delete sessions that were started at this time or before.

        Returns:
            The number of deleted sessions.
        """
        ...
