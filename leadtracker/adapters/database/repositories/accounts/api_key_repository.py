"""API keys in the database."""

from datetime import datetime

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import RowLock, StatementExecutor, as_it_is
from leadtracker.adapters.database.tables import ApiKeyRow
from leadtracker.domain.errors import AccountNotFound, NameTaken
from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.accounts.account import ApiKey
from leadtracker.domain.ports.accounts.api_key_repository import ApiKeyRepository

_COLUMNS = tuple(ApiKeyRow._meta.sorted_fields)


@frozen
class PeeweeApiKeyRepository(ApiKeyRepository):
    """See the port for its promises."""

    _executor: StatementExecutor

    def add(self, key: ApiKey) -> None:
        if not self._executor.write(_insert, **asdict(key)):
            raise NameTaken(key.name)

    def get(self, name: str) -> ApiKey:
        row = self._executor.row(_select, "name", self._executor.lock_row, value=name)
        if row is None:
            raise AccountNotFound(name, "API key")
        return self._to_key(row)

    def find_by_digest(self, digest: str) -> ApiKey | None:
        row = self._executor.row(_select, "digest", value=digest)
        return None if row is None else self._to_key(row)

    def all(self) -> list[ApiKey]:
        # Sorted here, because the databases collate text differently.
        return sorted(map(self._to_key, self._executor.rows(_select, None)), key=lambda key: key.name)

    def record_use(self, name: str, now: datetime) -> None:
        self._executor.write(_update_use, name=name, last_used_at=now)

    def save(self, key: ApiKey) -> None:
        self._executor.write(_update, **asdict(key))

    def _to_key(self, row: Row) -> ApiKey:
        decode = self._executor.dialect.from_db_timestamp
        return ApiKey(
            name=row.name,
            role=Role(row.role),
            digest=row.digest,
            created_at=decode(row.created_at),
            created_by=row.created_by,
            expires_at=row.expires_at and decode(row.expires_at),
            last_used_at=row.last_used_at and decode(row.last_used_at),
            revoked_at=row.revoked_at and decode(row.revoked_at),
        )


def _insert() -> peewee.Node:
    values = {column: param(column.column_name) for column in _COLUMNS}
    return ApiKeyRow.insert(values).on_conflict(action="nothing")


def _update() -> peewee.Node:
    changing = ("role", "revoked_at")
    return ApiKeyRow.update({name: param(name) for name in changing}).where(ApiKeyRow.name == param("name"))


def _update_use() -> peewee.Node:
    used = ApiKeyRow.update({ApiKeyRow.last_used_at: param("last_used_at")})
    return used.where(ApiKeyRow.name == param("name"))


def _select(column: str | None, lock: RowLock = as_it_is) -> peewee.Node:
    query = ApiKeyRow.select(*_COLUMNS)
    return query if column is None else lock(query.where(getattr(ApiKeyRow, column) == param("value")))
