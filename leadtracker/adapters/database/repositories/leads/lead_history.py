"""The history of leads in the database; changes are stored as JSON, which no query looks into."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.row_batches import InsertInto, insert_rows
from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import StatementExecutor
from leadtracker.adapters.database.tables import LeadHistoryRow, LeadRow
from leadtracker.domain.model.leads.history import Action, Change, HistoryEntry
from leadtracker.domain.ports.leads.lead_history import LeadHistory

HISTORY_COLUMNS = tuple(LeadHistoryRow._meta.sorted_fields)
"""The columns that ``to_entry`` reads."""


@frozen
class PeeweeLeadHistory(LeadHistory):
    """See the port for its promises."""

    _executor: StatementExecutor

    def append(self, entries: Iterable[HistoryEntry]) -> None:
        for entry in entries:
            self._executor.enqueue_write(_insert, **_to_values(entry))

    def begin(self, entry: HistoryEntry, lead_ids: Sequence[str]) -> None:
        values = _to_values(entry) | {"number": 1}
        insert_rows(self._executor, _insert_first, [values | {"lead_id": lead_id} for lead_id in lead_ids])

    def append_to_primary(self, entry: HistoryEntry) -> None:
        self._executor.enqueue_optional_write(_insert_for_primary, **_to_values(entry))

    def of(self, lead_id: str) -> list[HistoryEntry]:
        decode = self._executor.dialect.from_db_timestamp
        return [to_entry(row, decode) for row in self._executor.rows(_select, lead_id=lead_id)]

    def redact(self, lead_id: str) -> None:
        for row in self._executor.rows(_select, lead_id=lead_id):
            redacted = to_entry(row, self._executor.dialect.from_db_timestamp).redacted()
            self._executor.erase(_update, **_to_values(redacted))


def to_entry(row: Row, decode: Callable[[Any], datetime]) -> HistoryEntry:
    """The entry of a row; ``decode`` converts a stored timestamp."""
    return HistoryEntry(
        lead_id=row.lead_id,
        number=row.number,
        version=row.version,
        at=decode(row.at),
        actor=row.actor,
        action=Action(row.action),
        changes=tuple(Change(**change) for change in json.loads(row.changes or "[]")),
        note=row.note,
        corrects=row.corrects,
        request_id=row.request_id,
    )


def _to_values(entry: HistoryEntry) -> dict[str, object]:
    return {
        "lead_id": entry.lead_id,
        "number": entry.number,
        "version": entry.version,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "changes": _dump(entry.changes),
        "note": entry.note,
        "corrects": entry.corrects,
        "request_id": entry.request_id,
    }


def _dump(changes: tuple[Change, ...]) -> str | None:
    return json.dumps([asdict(change) for change in changes], ensure_ascii=False) if changes else None


def _insert() -> peewee.Node:
    row, other = LeadHistoryRow, LeadHistoryRow.alias()
    last = other.select(peewee.fn.MAX(other.number)).where(other.lead_id == param("lead_id"))
    values: dict[peewee.Field, peewee.Node] = {
        column: param(column.column_name) for column in HISTORY_COLUMNS if column is not row.number
    }
    values[row.number] = peewee.NodeList((peewee.fn.COALESCE(last, 0), peewee.SQL("+ 1")))
    # On PostgreSQL another process can take the number first; the enqueued write is then repeated.
    return row.insert(values).on_conflict(action="nothing")


def _insert_first(insert_into: InsertInto) -> peewee.Node:
    return insert_into(LeadHistoryRow, HISTORY_COLUMNS)


def _insert_for_primary() -> peewee.Node:
    # The transaction has locked the primary lead by counting the enquiry, so no other can take the number.
    row, other, lead, primary = LeadHistoryRow, LeadHistoryRow.alias(), LeadRow.alias(), LeadRow.alias()
    last = other.select(peewee.fn.MAX(other.number)).where(other.lead_id == primary.id)
    values: dict[peewee.Field, peewee.Node] = {
        column: param(column.column_name) for column in HISTORY_COLUMNS
    }
    values[row.lead_id] = primary.id
    values[row.number] = peewee.NodeList((peewee.fn.COALESCE(last, 0), peewee.SQL("+ 1")))
    values[row.version] = primary.version
    query = lead.select(*values.values()).join(primary, on=lead.duplicate_of == primary.id)
    return row.insert_from(query.where(lead.id == param("lead_id")), list(values))


def _update() -> peewee.Node:
    row = LeadHistoryRow
    redacted = {column: param(column.name) for column in (row.changes, row.note, row.request_id)}
    is_entry = (row.lead_id == param("lead_id")) & (row.number == param("number"))
    return row.update(redacted).where(is_entry)


def _select() -> peewee.Node:
    row = LeadHistoryRow
    return row.select(*HISTORY_COLUMNS).where(row.lead_id == param("lead_id")).order_by(row.number)
