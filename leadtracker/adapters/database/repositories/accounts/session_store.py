"""Login sessions in the database."""

from datetime import datetime

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import SessionRow
from leadtracker.domain.model.accounts.user_session import UserSession
from leadtracker.domain.ports.accounts.session_store import SessionStore

_COLUMNS = tuple(SessionRow._meta.sorted_fields)


@frozen
class PeeweeSessionStore(SessionStore):
    """See the port for its promises."""

    _executor: StatementExecutor

    def add(self, session: UserSession) -> None:
        self._executor.write(_insert, **asdict(session) | {"is_pending": int(session.is_pending)})

    def find(self, digest: str) -> UserSession | None:
        row = self._executor.row(_select, digest=digest)
        return None if row is None else self._to_session(row)

    def of(self, user: str) -> list[UserSession]:
        return [self._to_session(row) for row in self._executor.rows(_select_of, user=user)]

    def see(self, digest: str, now: datetime) -> None:
        self._executor.write(_see, digest=digest, now=now)

    def confirm(self, digest: str, now: datetime) -> None:
        self._executor.write(_confirm, digest=digest, now=now)

    def claim_check(self, session: UserSession, now: datetime) -> bool:
        last = session.checked_at
        return self._executor.write(_claim_check, digest=session.digest, last=last, now=now) > 0

    def keep_tokens(self, digest: str, sealed_tokens: str) -> None:
        self._executor.write(_keep_tokens, digest=digest, tokens=sealed_tokens)

    def end(self, digest: str) -> None:
        self._executor.write(_delete, digest=digest)

    def end_of(self, user: str) -> None:
        self._executor.write(_delete_of, user=user)

    def purge(self, *, seen_before: datetime, started_before: datetime) -> int:
        return self._executor.write(_delete_before, seen=seen_before, started=started_before)

    def _to_session(self, row: Row) -> UserSession:
        decode = self._executor.dialect.from_db_timestamp
        return UserSession(
            digest=row.digest,
            user=row.user_name,
            started_at=decode(row.started_at),
            seen_at=decode(row.seen_at),
            confirmed_at=decode(row.confirmed_at),
            browser=row.browser,
            system=row.system,
            network=row.network,
            ends_at=row.ends_at and decode(row.ends_at),
            is_pending=bool(row.is_pending),
            sealed_tokens=row.sealed_tokens,
            checked_at=row.checked_at and decode(row.checked_at),
        )


def _insert() -> peewee.Node:
    return SessionRow.insert({column: param(column.name) for column in _COLUMNS})


def _select() -> peewee.Node:
    return SessionRow.select(*_COLUMNS).where(SessionRow.digest == param("digest"))


def _select_of() -> peewee.Node:
    chosen = SessionRow.select(*_COLUMNS).where(SessionRow.user == param("user"))
    return chosen.order_by(SessionRow.seen_at.desc(), SessionRow.digest)


def _see() -> peewee.Node:
    return SessionRow.update({SessionRow.seen_at: param("now")}).where(SessionRow.digest == param("digest"))


def _confirm() -> peewee.Node:
    confirmed = SessionRow.update({SessionRow.confirmed_at: param("now")})
    return confirmed.where(SessionRow.digest == param("digest"))


def _claim_check() -> peewee.Node:
    is_unchanged = (SessionRow.digest == param("digest")) & (SessionRow.checked_at == param("last"))
    return SessionRow.update({SessionRow.checked_at: param("now")}).where(is_unchanged)


def _keep_tokens() -> peewee.Node:
    kept = SessionRow.update({SessionRow.sealed_tokens: param("tokens")})
    return kept.where(SessionRow.digest == param("digest"))


def _delete() -> peewee.Node:
    return SessionRow.delete().where(SessionRow.digest == param("digest"))


def _delete_of() -> peewee.Node:
    return SessionRow.delete().where(SessionRow.user == param("user"))


def _delete_before() -> peewee.Node:
    is_idle = SessionRow.seen_at <= param("seen")
    return SessionRow.delete().where(is_idle | (SessionRow.started_at <= param("started")))
