"""Port: the sessions of users."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.accounts.user_session import UserSession


class SessionStore(Protocol):
    """Keeps the sessions of users who signed in."""

    def add(self, session: UserSession) -> None:
        """Store a new session of a user who exists."""
        ...

    def find(self, digest: str) -> UserSession | None:
        """The session with that digest, over or not, if there is one."""
        ...

    def see(self, digest: str, now: datetime) -> None:
        """Note that a session was used, if it is there still."""
        ...

    def end(self, digest: str) -> None:
        """Forget a session, if it is there still."""
        ...

    def end_of(self, user: str) -> None:
        """Forget all sessions of a user."""
        ...

    def purge(self, *, seen_before: datetime, started_before: datetime) -> int:
        """Forget those that were last seen, or were begun, at such a time or before, and count them."""
        ...
