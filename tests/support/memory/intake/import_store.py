"""Records of imports in memory."""

from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import ImportExists, ImportNotFound
from leadtracker.domain.model.intake.lead_import import FilePiece, LeadImport
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.intake.import_store import ImportStore
from tests.support.memory.store import Transaction


@frozen
class MemoryImportStore(ImportStore):
    """An in-memory ``ImportStore``."""

    _transaction: Transaction

    def add(self, lead_import: LeadImport) -> None:
        if lead_import.id in self._transaction.tables.imports:
            raise ImportExists(lead_import.id)
        self._set(lead_import)

    def get(self, import_id: str) -> LeadImport:
        found = self._transaction.tables.imports.get(import_id)
        if found is None:
            raise ImportNotFound(import_id)
        return found

    def lock_rows(self) -> None:
        self._transaction.for_writing()  # there is only one writer at a time

    def save(self, lead_import: LeadImport) -> None:
        self.get(lead_import.id)
        self._set(lead_import)

    def page(self, *, limit: int, after: Cursor | None = None) -> list[LeadImport]:
        stored = self._transaction.tables.imports.values()
        latest = sorted(stored, key=lambda one: (one.started_at, one.id), reverse=True)
        cursor = None if after is None else (after.at, after.id)
        return [one for one in latest if cursor is None or (one.started_at, one.id) < cursor][:limit]

    def add_piece(self, piece: FilePiece) -> None:
        self._transaction.for_writing().import_files[piece.file_id, piece.number] = piece

    def piece(self, file_id: str, number: int) -> FilePiece | None:
        return self._transaction.tables.import_files.get((file_id, number))

    def remove_file(self, file_id: str) -> None:
        self._drop([one for one in self._transaction.tables.import_files if one[0] == file_id])

    def purge_files(self, before: datetime) -> int:
        pieces = self._transaction.tables.import_files
        return self._drop([key for key, piece in pieces.items() if piece.received_at < before])

    def _set(self, lead_import: LeadImport) -> None:
        self._transaction.for_writing().imports[lead_import.id] = lead_import

    def _drop(self, keys: list[tuple[str, int]]) -> int:
        files = self._transaction.for_writing().import_files
        for key in keys:
            del files[key]
        return len(keys)
