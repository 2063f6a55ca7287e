"""External identities in the database."""

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import ExternalIdentityRow
from leadtracker.domain.model.accounts.external_identity import ExternalIdentity
from leadtracker.domain.ports.accounts.external_identities import ExternalIdentities

_COLUMNS = tuple(ExternalIdentityRow._meta.sorted_fields)


@frozen
class PeeweeExternalIdentities(ExternalIdentities):
    """See the port for its promises."""

    _executor: StatementExecutor

    def find(self, issuer: str, subject: str) -> ExternalIdentity | None:
        row = self._executor.row(_select, issuer=issuer, subject=subject)
        return None if row is None else self._to_identity(row)

    def of_user(self, user: str) -> list[ExternalIdentity]:
        return self._to_identities(self._executor.rows(_select_of_user, user=user))

    def all(self) -> list[ExternalIdentity]:
        return self._to_identities(self._executor.rows(_select_all))

    def remove_of_user(self, user: str) -> int:
        return self._executor.write(_delete_of_user, user=user)

    def add(self, identity: ExternalIdentity) -> bool:
        return bool(self._executor.write(_insert, **asdict(identity)))

    def _to_identities(self, rows: list[Row]) -> list[ExternalIdentity]:
        # Sorted here, because the databases collate text differently.
        found = map(self._to_identity, rows)
        return sorted(found, key=lambda identity: (identity.issuer, identity.subject))

    def _to_identity(self, row: Row) -> ExternalIdentity:
        return ExternalIdentity(
            issuer=row.issuer,
            subject=row.subject,
            user=row.user_name,
            linked_at=self._executor.dialect.from_db_timestamp(row.linked_at),
        )


def _select() -> peewee.Node:
    is_person = (ExternalIdentityRow.issuer == param("issuer")) & (
        ExternalIdentityRow.subject == param("subject")
    )
    return ExternalIdentityRow.select(*_COLUMNS).where(is_person)


def _select_all() -> peewee.Node:
    return ExternalIdentityRow.select(*_COLUMNS)


def _select_of_user() -> peewee.Node:
    return ExternalIdentityRow.select(*_COLUMNS).where(ExternalIdentityRow.user == param("user"))


def _delete_of_user() -> peewee.Node:
    return ExternalIdentityRow.delete().where(ExternalIdentityRow.user == param("user"))


def _insert() -> peewee.Node:
    values = {column: param(column.name) for column in _COLUMNS}
    return ExternalIdentityRow.insert(values).on_conflict(action="nothing")
