"""Sessions of users, in memory."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.user_session import UserSession
from leadtracker.domain.ports.accounts.session_store import SessionStore
from tests.support.memory.store import Transaction


@frozen
class MemorySessionStore(SessionStore):
    """An in-memory ``SessionStore``; see the port for its promises."""

    _transaction: Transaction

    def add(self, session: UserSession) -> None:
        self._transaction.for_writing().sessions[session.digest] = session

    def find(self, digest: str) -> UserSession | None:
        return self._transaction.tables.sessions.get(digest)

    def of(self, user: str) -> list[UserSession]:
        sessions = [one for one in self._transaction.tables.sessions.values() if one.user == user]
        return sorted(sorted(sessions, key=lambda one: one.digest), key=lambda one: one.seen_at, reverse=True)

    def see(self, digest: str, now: datetime) -> None:
        sessions = self._transaction.for_writing().sessions
        if digest in sessions:
            sessions[digest] = evolve(sessions[digest], seen_at=now)

    def confirm(self, digest: str, now: datetime) -> None:
        sessions = self._transaction.for_writing().sessions
        if digest in sessions:
            sessions[digest] = evolve(sessions[digest], confirmed_at=now)

    def claim_check(self, session: UserSession, now: datetime) -> bool:
        sessions = self._transaction.for_writing().sessions
        stored = sessions.get(session.digest)
        if stored is None or stored.checked_at != session.checked_at:
            return False
        sessions[session.digest] = evolve(stored, checked_at=now)
        return True

    def keep_tokens(self, digest: str, sealed_tokens: str) -> None:
        sessions = self._transaction.for_writing().sessions
        if digest in sessions:
            sessions[digest] = evolve(sessions[digest], sealed_tokens=sealed_tokens)

    def end(self, digest: str) -> None:
        self._transaction.for_writing().sessions.pop(digest, None)

    def end_of(self, user: str) -> None:
        tables = self._transaction.for_writing()
        tables.sessions = {key: one for key, one in tables.sessions.items() if one.user != user}

    def purge(self, *, seen_before: datetime, started_before: datetime) -> int:
        tables = self._transaction.for_writing()
        kept = {
            digest: session
            for digest, session in tables.sessions.items()
            if session.seen_at > seen_before and session.started_at > started_before
        }
        purged = len(tables.sessions) - len(kept)
        tables.sessions = kept
        return purged
