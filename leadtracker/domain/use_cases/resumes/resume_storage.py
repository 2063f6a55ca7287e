"""Keep contents of resumes where the owner wants them: beside their leads, or in object storage."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from attrs import frozen

from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.intake.resume import ResumeFile, ResumeObject, StoredResume
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.leads.object_store import ObjectStore
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory

RESERVATION_LIFETIME = timedelta(hours=1)
"""How long an object waits for the transaction that refers to it; no request takes that long."""

_PAGE = 100


@frozen(kw_only=True)
class ResumeStorage:
    """Puts an object before the transaction that refers to it, and deletes one after nothing refers to it.

    In between the database has a reservation for its key, so no object is ever lost track of, and a
    transaction that comes too late for its object fails. See the port ``ResumeStore``.

    Args:
        objects: None keeps contents in the database.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _objects: ObjectStore | None

    @contextmanager
    def store(self, file: ResumeFile) -> Iterator[StoredResume]:
        """What to put into ``tx.resumes``, within the block; if that does not happen, its object goes.

        Raises:
            ResumeStorageUnavailable: its content cannot be kept now.
        """
        if self._objects is None:
            yield file
            return
        key = self._ids.secret()
        with self._unit_of_work() as tx:
            tx.resumes.reserve(key, self._clock.now() + RESERVATION_LIFETIME)
            tx.commit()
        self._objects.put(key, file.content)  # of one that fails something may arrive later: the sweep's work
        try:
            yield ResumeObject(file.resume, key)
        finally:
            self._delete_if_unreferenced(key)

    def delete(self, keys: Iterable[str | None]) -> None:
        """Delete the objects of keys whose mark is committed; the sweep retries what fails here."""
        with suppress(StorageUnavailable):
            for key in filter(None, keys):
                self._delete(key)

    def sweep(self) -> Iterator[str]:
        """Delete every object that nothing refers to, one after the other; done by any scheduler.

        Raises:
            ResumeStorageUnavailable: some are left for the next time.
        """
        if self._objects is None:
            return
        with self._unit_of_work() as tx:
            tx.resumes.mark_expired_for_deletion(self._clock.now())
            tx.commit()
        while keys := self._marked_for_deletion():
            for key in keys:
                self._delete(key)
                yield key

    def _delete_if_unreferenced(self, key: str) -> None:
        with suppress(StorageUnavailable):
            with self._unit_of_work.read_only() as tx:
                if not tx.resumes.is_unreferenced(key):
                    return
            with self._unit_of_work() as tx:
                is_marked = tx.resumes.mark_for_deletion(key)
                tx.commit()
            if is_marked:
                self._delete(key)

    def _marked_for_deletion(self) -> list[str]:
        with self._unit_of_work.read_only() as tx:
            return tx.resumes.marked_for_deletion(_PAGE)

    def _delete(self, key: str) -> None:
        if self._objects is None:
            return  # the owner keeps them in the database now; the key waits until there is a store again
        self._objects.delete(key)
        with self._unit_of_work() as tx:
            tx.resumes.delete_reservation(key)
            tx.commit()
