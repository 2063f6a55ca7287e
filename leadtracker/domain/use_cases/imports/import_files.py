"""Files on their way into an import, and its rejected rows: kept for a day."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from attrs import frozen

from leadtracker.domain.errors import ImportFileNotFound
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.intake.lead_import import FilePiece
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory

_REJECTED_NAME = "rejected.csv"

FILE_LIFETIME = timedelta(days=1)
"""The time for which a file is kept; it holds personal data that no erasure finds."""


@frozen(kw_only=True)
class ImportFiles:
    """Keep files in pieces, so that no process holds a whole one in memory and every process can read it."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource

    def add(self, actor: Actor, name: str, pieces: Iterable[bytes]) -> str:
        """Store a file and return its id, which is to be the id of its import.

        Raises:
            PermissionDenied: the actor may not import leads.
        """
        file_id = self._ids.new_id(self._clock.now())
        self._add(actor, file_id, name, pieces)
        return file_id

    def add_rejected_rows(self, actor: Actor, import_id: str, pieces: Iterable[bytes]) -> None:
        """Store the rejected rows of an import.

        Raises:
            PermissionDenied: the actor may not import leads.
        """
        self._add(actor, _id_of_rejected(import_id), _REJECTED_NAME, pieces)

    def name(self, actor: Actor, file_id: str) -> str:
        """Return the name of a file.

        Raises:
            PermissionDenied: the actor may not import leads.
            ImportFileNotFound: there is no such file, or it has expired.
        """
        return self._first(actor, file_id).name

    def pieces(self, actor: Actor, file_id: str) -> Iterator[bytes]:
        """Return the content of a file in pieces.

        Raises:
            PermissionDenied: the actor may not import leads.
            ImportFileNotFound: there is no such file, or it has expired.
        """
        return self._content(self._first(actor, file_id))

    def rejected_rows(self, actor: Actor, import_id: str) -> Iterator[bytes]:
        """Return the rejected rows of an import in pieces; recorded in the audit log before the first one.

        Raises:
            PermissionDenied: the actor may not import leads.
            ImportFileNotFound: the import has no rejected rows, or they have expired.
        """
        first = self._first(actor, _id_of_rejected(import_id))
        with self._unit_of_work() as tx:
            record = AuditRecord.by(actor, AuditAction.REJECTED_ROWS_DOWNLOADED, self._clock.now(), import_id)
            tx.audit_log.append(record)
            tx.commit()
        return self._content(first)

    def has_rejected_rows(self, actor: Actor, import_id: str) -> bool:
        """Return True if rejected rows of an import are stored.

        Raises:
            PermissionDenied: the actor may not import leads.
        """
        try:
            self._first(actor, _id_of_rejected(import_id))
        except ImportFileNotFound:
            return False
        return True

    def remove(self, file_id: str) -> None:
        """Delete a file, if it is still there."""
        with self._unit_of_work() as tx:
            tx.imports.remove_file(file_id)
            tx.commit()

    def purge_expired(self) -> None:
        """Delete the files that are older than a day."""
        with self._unit_of_work() as tx:
            tx.imports.purge_files(self._clock.now() - FILE_LIFETIME)
            tx.commit()

    def _add(self, actor: Actor, file_id: str, name: str, pieces: Iterable[bytes]) -> None:
        actor.require(Permission.LEAD_IMPORT)
        now = self._clock.now()
        for number, content in enumerate(pieces):
            with self._unit_of_work() as tx:
                tx.imports.add_piece(FilePiece(file_id, number, name, now, content))
                tx.commit()

    def _first(self, actor: Actor, file_id: str) -> FilePiece:
        actor.require(Permission.LEAD_IMPORT)
        piece = self._piece(file_id, 0)
        if piece is None or piece.received_at < self._clock.now() - FILE_LIFETIME:
            raise ImportFileNotFound(file_id)
        return piece

    def _content(self, first: FilePiece) -> Iterator[bytes]:
        piece: FilePiece | None = first
        while piece is not None:
            yield piece.content
            piece = self._piece(piece.file_id, piece.number + 1)

    def _piece(self, file_id: str, number: int) -> FilePiece | None:
        with self._unit_of_work.read_only() as tx:
            return tx.imports.piece(file_id, number)


def _id_of_rejected(import_id: str) -> str:
    """Return the id of the file of rejected rows; the uploaded file has that of the import."""
    return f"{import_id}-rejected"
