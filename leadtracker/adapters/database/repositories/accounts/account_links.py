"""Links that are mailed to users, in the database."""

from datetime import datetime

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import AccountLinkRow
from leadtracker.domain.model.accounts.account_link import AccountLink, LinkPurpose
from leadtracker.domain.ports.accounts.account_links import AccountLinks

_COLUMNS = tuple(AccountLinkRow._meta.sorted_fields)


@frozen
class PeeweeAccountLinks(AccountLinks):
    """See the port for its promises."""

    _executor: StatementExecutor

    def add(self, link: AccountLink) -> None:
        self._executor.write(_insert, **asdict(link) | {"is_waiting": int(link.is_waiting)})

    def find(self, link_id: str) -> AccountLink | None:
        return self._to_link(self._executor.row(_select, "id", value=link_id))

    def find_by_digest(self, digest: str) -> AccountLink | None:
        return self._to_link(self._executor.row(_select, "digest", value=digest))

    def waiting(self) -> list[AccountLink]:
        return self._to_links(self._executor.rows(_select, "is_waiting", value=1))

    def of(self, user: str) -> list[AccountLink]:
        return self._to_links(self._executor.rows(_select, "user", value=user))

    def mark_enqueued(self, link_id: str) -> bool:
        return self._executor.write(_mark_enqueued, id=link_id) > 0

    def take(self, digest: str) -> AccountLink | None:
        return self._to_link(self._executor.write_returning(_take, digest=digest))

    def remove(self, link_id: str) -> None:
        self._executor.write(_delete, "id", value=link_id)

    def remove_of(self, user: str) -> None:
        self._executor.write(_delete, "user", value=user)

    def purge(self, before: datetime) -> int:
        return self._executor.write(_delete_before, before=before)

    def _to_links(self, rows: list[Row]) -> list[AccountLink]:
        links = (self._to_link(row) for row in rows)
        return sorted((link for link in links if link), key=lambda link: (link.created_at, link.id))

    def _to_link(self, row: Row | None) -> AccountLink | None:
        if row is None:
            return None
        return AccountLink(
            id=row.id,
            purpose=LinkPurpose(row.purpose),
            user=row.user_name,
            digest=row.digest,
            sealed_token=row.sealed_token,
            created_at=self._executor.dialect.from_db_timestamp(row.created_at),
            is_waiting=bool(row.is_waiting),
        )


def _insert() -> peewee.Node:
    return AccountLinkRow.insert({column: param(column.name) for column in _COLUMNS})


def _select(column: str) -> peewee.Node:
    return AccountLinkRow.select(*_COLUMNS).where(getattr(AccountLinkRow, column) == param("value"))


def _mark_enqueued() -> peewee.Node:
    row = AccountLinkRow
    marked = row.update({row.is_waiting: peewee.SQL("0")})
    return marked.where(row.id == param("id"), row.is_waiting == peewee.SQL("1"))


def _take() -> peewee.Node:
    taken = AccountLinkRow.delete().where(AccountLinkRow.digest == param("digest"))
    return taken.returning(*_COLUMNS)


def _delete(column: str) -> peewee.Node:
    return AccountLinkRow.delete().where(getattr(AccountLinkRow, column) == param("value"))


def _delete_before() -> peewee.Node:
    return AccountLinkRow.delete().where(AccountLinkRow.created_at <= param("before"))
