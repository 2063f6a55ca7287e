"""The records of imports in the database."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import peewee
from attrs import asdict, frozen

from leadtracker.adapters.database.engine.paging import page_of
from leadtracker.adapters.database.engine.statement_names import Row, param
from leadtracker.adapters.database.engine.statements import RowLock, StatementExecutor
from leadtracker.adapters.database.tables import ImportFileRow, LeadImportRow
from leadtracker.domain.errors import ImportExists, ImportNotFound
from leadtracker.domain.model.intake.lead_import import FilePiece, ImportState, LeadImport
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.intake.import_store import ImportStore

_COLUMNS = tuple(LeadImportRow._meta.sorted_fields)
_FILE_COLUMNS = tuple(ImportFileRow._meta.sorted_fields)
_ROWS_LOCK = 0x1EB1  # an arbitrary number that no other advisory lock of this package uses
_KEPT = {"id", "started_at", "actor", "file_name", "notifies"}


@frozen
class PeeweeImportStore(ImportStore):
    """See the port for its promises."""

    _executor: StatementExecutor

    def add(self, lead_import: LeadImport) -> None:
        if self._executor.write_if_unique(_insert, **_to_values(lead_import)) is None:
            raise ImportExists(lead_import.id)

    def get(self, import_id: str) -> LeadImport:
        row = self._executor.row(_select, self._executor.lock_row, id=import_id)
        if row is None:
            raise ImportNotFound(import_id)
        return _to_import(row, self._executor.dialect.from_db_timestamp)

    def save(self, lead_import: LeadImport) -> None:
        if not self._executor.write(_update, **_to_values(lead_import)):
            raise ImportNotFound(lead_import.id)

    def lock_rows(self) -> None:
        self._executor.hold_lock(_ROWS_LOCK)

    def page(self, *, limit: int, after: Cursor | None = None) -> list[LeadImport]:
        cursor = {"at": after and after.at, "id": after and after.id}
        rows = self._executor.rows(_select_page, after is not None, limit=limit, **cursor)
        return [_to_import(row, self._executor.dialect.from_db_timestamp) for row in rows]

    def add_piece(self, piece: FilePiece) -> None:
        self._executor.write(_insert_piece, **asdict(piece))

    def piece(self, file_id: str, number: int) -> FilePiece | None:
        row = self._executor.row(_select_piece, file_id=file_id, number=number)
        if row is None:
            return None
        received_at = self._executor.dialect.from_db_timestamp(row.received_at)
        return FilePiece(row.file_id, row.number, row.name, received_at, bytes(row.content))

    def remove_file(self, file_id: str) -> None:
        self._executor.erase(_delete_file, file_id=file_id)

    def purge_files(self, before: datetime) -> int:
        return self._executor.erase(_delete_files_before, before=before)


def _to_values(lead_import: LeadImport) -> dict[str, object]:
    return asdict(lead_import) | {"notifies": int(lead_import.notifies)}


def _to_import(row: Row, decode: Callable[[Any], datetime]) -> LeadImport:
    return LeadImport(
        id=row.id,
        started_at=decode(row.started_at),
        updated_at=decode(row.updated_at),
        actor=row.actor,
        file_name=row.file_name,
        state=ImportState(row.state),
        notifies=bool(row.notifies),
        created=row.created,
        updated=row.updated,
        duplicates=row.duplicates,
        rejected=row.rejected,
        removed=row.removed,
        rows=row.rows,
    )


def _insert() -> peewee.Node:
    return LeadImportRow.insert({column: param(column.name) for column in _COLUMNS})


def _update() -> peewee.Node:
    values = {column: param(column.name) for column in _COLUMNS if column.name not in _KEPT}
    return LeadImportRow.update(values).where(LeadImportRow.id == param("id"))


def _select(lock_row: RowLock) -> peewee.Node:
    row = LeadImportRow
    return lock_row(row.select(*_COLUMNS).where(row.id == param("id")))


def _select_page(has_cursor: bool) -> peewee.Node:  # noqa: FBT001 - a variant consists of flags
    row = LeadImportRow
    return page_of(row.select(*_COLUMNS), row.started_at, row.id, has_cursor=has_cursor)


def _insert_piece() -> peewee.Node:
    return ImportFileRow.insert({column: param(column.name) for column in _FILE_COLUMNS})


def _select_piece() -> peewee.Node:
    row = ImportFileRow
    return row.select(*_FILE_COLUMNS).where(row.file_id == param("file_id"), row.number == param("number"))


def _delete_file() -> peewee.Node:
    return ImportFileRow.delete().where(ImportFileRow.file_id == param("file_id"))


def _delete_files_before() -> peewee.Node:
    return ImportFileRow.delete().where(ImportFileRow.received_at < param("before"))
