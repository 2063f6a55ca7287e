"""The history of leads in the database."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.parameters import param
from leadtracker.adapters.database.engine.statements import Row, StatementExecutor
from leadtracker.adapters.database.tables import LeadHistoryRow
from leadtracker.domain.model.leads.history import Action, Change, HistoryEntry
from leadtracker.domain.ports.leads.lead_history import LeadHistory

_COLUMNS = tuple(
    column for column in LeadHistoryRow._meta.sorted_fields if column is not LeadHistoryRow.number
)
HISTORY_COLUMNS = (*_COLUMNS, LeadHistoryRow.number)
"""What ``to_entry`` takes; the number comes last."""


@frozen
class PeeweeLeadHistory(LeadHistory):
    """See the port for what it promises. Changes are kept as JSON; nothing asks for them by itself."""

    _executor: StatementExecutor

    def append(self, entries: Iterable[HistoryEntry]) -> None:
        for entry in entries:
            self._executor.enqueue_write(_insert, **_to_values(entry))

    def of(self, lead_id: str) -> list[HistoryEntry]:
        decode = self._executor.dialect.from_db_timestamp
        return [to_entry(row, decode) for row in self._executor.rows(_select, lead_id=lead_id)]

    def redact(self, lead_id: str) -> None:
        for row in self._executor.rows(_select, lead_id=lead_id):
            redacted = to_entry(row, self._executor.dialect.from_db_timestamp).redacted()
            self._executor.erase(_update, number=row[-1], **_to_values(redacted))


def to_entry(row: Row, decode: Callable[[Any], datetime]) -> HistoryEntry:
    """The entry whose columns were read; ``decode`` makes a timestamp of a stored one."""
    lead_id, version, at, actor, action, changes, note, request_id, _number = row
    return HistoryEntry(
        lead_id=lead_id,
        version=version,
        at=decode(at),
        actor=actor,
        action=Action(action),
        changes=tuple(Change(**change) for change in json.loads(changes or "[]")),
        note=note,
        request_id=request_id,
    )


def _to_values(entry: HistoryEntry) -> dict[str, object]:
    return asdict(entry, recurse=False) | {"changes": _dump(entry.changes)}


def _dump(changes: tuple[Change, ...]) -> str | None:
    return json.dumps([asdict(change) for change in changes], ensure_ascii=False) if changes else None


def _insert() -> peewee.Node:
    return LeadHistoryRow.insert({column: param(column.column_name) for column in _COLUMNS})


def _update() -> peewee.Node:
    row = LeadHistoryRow
    redacted = {column: param(column.name) for column in (row.changes, row.note, row.request_id)}
    return row.update(redacted).where(row.number == param("number"))


def _select() -> peewee.Node:
    row = LeadHistoryRow
    return row.select(*HISTORY_COLUMNS).where(row.lead_id == param("lead_id")).order_by(row.number)
