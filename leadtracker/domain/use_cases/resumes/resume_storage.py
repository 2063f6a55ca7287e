"""Keep contents of resumes where the owner wants them: beside their leads, or in object storage."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from attrs import frozen

from leadtracker.domain.errors import StorageUnavailable
from leadtracker.domain.model.intake.resume import KeptResume, ResumeFile, ResumeObject
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.leads.object_store import ObjectStore
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory

TIME_TO_TAKE = timedelta(hours=1)
"""How long an object waits for the transaction that refers to it; no request takes that long."""

_PAGE = 100


@frozen
class KeepResumes:
    """Puts an object before the transaction that refers to it, and deletes one after nothing refers to it.

    In between the database knows its key as loose, so none is ever forgotten, and a transaction that comes
    too late for its object fails. See the port ``ResumeStore``.

    Args:
        objects: None keeps contents in the database.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _objects: ObjectStore | None

    @contextmanager
    def __call__(self, file: ResumeFile) -> Iterator[KeptResume]:
        """What to put into ``tx.resumes``, within the block; if that does not happen, its object goes.

        Raises:
            ResumeStorageUnavailable: its content cannot be kept now.
        """
        if self._objects is None:
            yield file
            return
        key = self._ids.secret()
        with self._unit_of_work() as tx:
            tx.resumes.announce(key, self._clock.now() + TIME_TO_TAKE)
            tx.commit()
        self._objects.put(key, file.content)  # of one that fails something may arrive later: the sweep's work
        try:
            yield ResumeObject(file.resume, key)
        finally:
            self._drop_if_loose(key)

    def drop(self, keys: Iterable[str | None]) -> None:
        """Delete the objects of condemned keys, once that is committed; if it fails the sweep does it."""
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
            tx.resumes.condemn_expired(self._clock.now())
            tx.commit()
        while keys := self._condemned():
            for key in keys:
                self._delete(key)
                yield key

    def _drop_if_loose(self, key: str) -> None:
        with suppress(StorageUnavailable):
            with self._unit_of_work.read_only() as tx:
                if not tx.resumes.is_loose(key):
                    return
            with self._unit_of_work() as tx:
                is_condemned = tx.resumes.condemn(key)
                tx.commit()
            if is_condemned:
                self._delete(key)

    def _condemned(self) -> list[str]:
        with self._unit_of_work.read_only() as tx:
            return tx.resumes.condemned(_PAGE)

    def _delete(self, key: str) -> None:
        if self._objects is None:
            return  # the owner keeps them in the database now; the key waits until there is a store again
        self._objects.delete(key)
        with self._unit_of_work() as tx:
            tx.resumes.forget(key)
            tx.commit()
