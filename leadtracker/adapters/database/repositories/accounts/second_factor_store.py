"""Second factors and recovery codes in the database."""

from collections.abc import Iterable

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import RowLock, StatementExecutor, as_it_is
from leadtracker.adapters.database.tables import RecoveryCodeRow, SecondFactorRow
from leadtracker.domain.model.accounts.second_factor import SecondFactor
from leadtracker.domain.ports.accounts.second_factors import SecondFactorStore

_COLUMNS = tuple(SecondFactorRow._meta.sorted_fields)
_CHANGING = tuple(column for column in _COLUMNS if column is not SecondFactorRow.user)


@frozen
class PeeweeSecondFactorStore(SecondFactorStore):
    """See the port for its promises."""

    _executor: StatementExecutor

    def find(self, user: str) -> SecondFactor | None:
        row = self._executor.row(_select, self._executor.lock_row, user=user)
        return None if row is None else self._to_factor(row)

    def all(self) -> list[SecondFactor]:
        # Sorted here, because the databases collate text differently.
        return sorted(map(self._to_factor, self._executor.rows(_select_all)), key=lambda one: one.user)

    def save(self, factor: SecondFactor) -> None:
        self._executor.write(_upsert, **asdict(factor))

    def remove(self, user: str) -> None:
        self._executor.write(_delete_codes, user=user)
        self._executor.write(_delete, user=user)

    def replace_recovery_codes(self, user: str, digests: Iterable[str]) -> None:
        self._executor.write(_delete_codes, user=user)
        for digest in digests:
            self._executor.write(_insert_code, user=user, digest=digest)

    def take_recovery_code(self, user: str, digest: str) -> bool:
        return self._executor.write(_delete_code, user=user, digest=digest) > 0

    def count_recovery_codes(self, user: str) -> int:
        row = self._executor.row(_count_codes, user=user)
        return 0 if row is None else int(row.number)

    def _to_factor(self, row: Row) -> SecondFactor:
        decode = self._executor.dialect.from_db_timestamp
        return SecondFactor(
            user=row.user_name,
            sealed_secret=row.sealed_secret,
            enabled_at=row.enabled_at and decode(row.enabled_at),
            last_step=row.last_step,
            failures=row.failures,
            failed_at=row.failed_at and decode(row.failed_at),
        )


def _select(lock: RowLock = as_it_is) -> peewee.Node:
    return lock(SecondFactorRow.select(*_COLUMNS).where(SecondFactorRow.user == param("user")))


def _select_all() -> peewee.Node:
    return SecondFactorRow.select(*_COLUMNS)


def _upsert() -> peewee.Node:
    row = SecondFactorRow
    inserted = row.insert({column: param(column.name) for column in _COLUMNS})
    changes = {column: param(column.name) for column in _CHANGING}
    return inserted.on_conflict(conflict_target=[row.user], update=changes)


def _delete() -> peewee.Node:
    return SecondFactorRow.delete().where(SecondFactorRow.user == param("user"))


def _insert_code() -> peewee.Node:
    row = RecoveryCodeRow
    return row.insert({row.user: param("user"), row.digest: param("digest")})


def _delete_codes() -> peewee.Node:
    return RecoveryCodeRow.delete().where(RecoveryCodeRow.user == param("user"))


def _delete_code() -> peewee.Node:
    row = RecoveryCodeRow
    return row.delete().where(row.user == param("user"), row.digest == param("digest"))


def _count_codes() -> peewee.Node:
    number = peewee.fn.count(peewee.SQL("*")).alias("number")
    return RecoveryCodeRow.select(number).where(RecoveryCodeRow.user == param("user"))
