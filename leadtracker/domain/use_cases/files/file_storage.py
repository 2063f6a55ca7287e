"""Store the contents of files in the database or in object storage, without orphans."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta

from attrs import frozen

from leadtracker.domain.errors import ResumeStorageUnavailable, StorageUnavailable
from leadtracker.domain.model.leads.lead_file import FileObject, LeadFile, StoredFile
from leadtracker.domain.ports.leads.object_store import ObjectStore
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.files.disk_floor import DiskFloor

RESERVATION_LIFETIME = timedelta(hours=1)
"""The time in which a transaction must refer to a new object; longer than any request takes."""

_PAGE = 100


@frozen(kw_only=True)
class FileStorage:
    """Upload an object before the transaction that refers to it; delete one after the last reference is gone.

    In between, a reservation in the database records its key. So every object is known to the database, and a
    transaction that commits after its object has expired fails. See the port ``FileStore``.

    Args:
        objects: the object storage, or None to keep contents in the database.
        disk_floor: rejects files when the disk is nearly full.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _objects: ObjectStore | None
    _disk_floor: DiskFloor

    def has_room(self, files: Mapping[str, LeadFile]) -> bool:
        """Check whether the disk has room for all of these files."""
        return self._disk_floor.has_room(sum(len(file.content) for file in files.values()))

    @contextmanager
    def store(self, files: Mapping[str, LeadFile]) -> Iterator[Mapping[str, StoredFile]]:
        """Yield the values for ``tx.files`` by their ids; objects that the block does not commit are deleted.

        Raises:
            ResumeStorageUnavailable: a content cannot be stored now, or would leave too little disk space.
        """
        if not self.has_room(files):
            raise ResumeStorageUnavailable(
                "the disk is nearly full; files cannot be stored until it has room"
            )
        with ExitStack() as stack:
            yield {file_id: stack.enter_context(self._store(file)) for file_id, file in files.items()}

    @contextmanager
    def _store(self, file: LeadFile) -> Iterator[StoredFile]:
        """Yield the value of one file for ``tx.files``.

        Raises:
            ResumeStorageUnavailable: the content cannot be stored now.
        """
        if self._objects is None:
            yield file
            return
        key = self._ids.secret()
        with self._unit_of_work() as tx:
            tx.files.reserve(key, self._clock.now() + RESERVATION_LIFETIME)
            tx.commit()
        self._objects.put(key, file.content)  # a failed upload may complete later; the sweep deletes it
        try:
            yield FileObject(file.metadata, key)
        finally:
            self._delete_if_unreferenced(key)

    def delete(self, keys: Iterable[str | None]) -> None:
        """Delete the objects with these keys, which a commit has marked; the sweep retries failures."""
        with suppress(StorageUnavailable):
            for key in filter(None, keys):
                self._delete(key)

    def sweep(self) -> Iterator[str]:
        """Delete every unreferenced object and yield its key; called by every scheduler.

        Raises:
            ResumeStorageUnavailable: the remaining objects are left for the next sweep.
        """
        if self._objects is None:
            return
        with self._unit_of_work() as tx:
            tx.files.mark_expired_for_deletion(self._clock.now())
            tx.commit()
        while keys := self._marked_for_deletion():
            for key in keys:
                self._delete(key)
                yield key

    def _delete_if_unreferenced(self, key: str) -> None:
        with suppress(StorageUnavailable):
            with self._unit_of_work.read_only() as tx:
                if not tx.files.is_unreferenced(key):
                    return
            with self._unit_of_work() as tx:
                is_marked = tx.files.mark_for_deletion(key)
                tx.commit()
            if is_marked:
                self._delete(key)

    def _marked_for_deletion(self) -> list[str]:
        with self._unit_of_work.read_only() as tx:
            return tx.files.marked_for_deletion(_PAGE)

    def _delete(self, key: str) -> None:
        if self._objects is None:
            return  # no object storage is configured any more; the reservation stays until one is
        self._objects.delete(key)
        with self._unit_of_work() as tx:
            tx.files.delete_reservation(key)
            tx.commit()
