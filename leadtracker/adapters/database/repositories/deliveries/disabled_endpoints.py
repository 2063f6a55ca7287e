"""The disabled webhook endpoints in the database."""

from collections.abc import Mapping
from datetime import datetime

import peewee
from attrs import frozen

from leadtracker.adapters.database.engine.statement_names import param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import DisabledEndpointRow
from leadtracker.domain.ports.deliveries.webhooks import DisabledEndpoints


@frozen
class PeeweeDisabledEndpoints(DisabledEndpoints):
    """See the port for its promises."""

    _executor: StatementExecutor

    def all(self) -> Mapping[str, datetime]:
        decode = self._executor.dialect.from_db_timestamp
        return {row.key: decode(row.disabled_at) for row in self._executor.rows(_select)}

    def add(self, key: str, now: datetime) -> None:
        self._executor.write(_insert, key=key, now=now)

    def remove(self, key: str) -> None:
        self._executor.write(_delete, key=key)


def _select() -> peewee.Node:
    return DisabledEndpointRow.select(DisabledEndpointRow.key, DisabledEndpointRow.disabled_at)


def _insert() -> peewee.Node:
    row = DisabledEndpointRow
    return row.insert({row.key: param("key"), row.disabled_at: param("now")}).on_conflict(
        conflict_target=[row.key], action="IGNORE"
    )


def _delete() -> peewee.Node:
    return DisabledEndpointRow.delete().where(DisabledEndpointRow.key == param("key"))
