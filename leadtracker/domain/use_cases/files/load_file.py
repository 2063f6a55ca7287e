"""Load a file of a lead from the database or the object storage."""

from attrs import frozen

from leadtracker.domain.errors import ResumeMissing, ResumeStorageUnavailable
from leadtracker.domain.model.leads.lead_file import RESUME_ID, FileObject, LeadFile, StoredFile
from leadtracker.domain.ports.leads.object_store import ObjectStore
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class LoadFile:
    """Load a file with its content, without authorisation; call it outside of transactions.

    Args:
        objects: the object storage, or None.
    """

    _unit_of_work: UnitOfWorkFactory
    _objects: ObjectStore | None

    def __call__(self, lead_id: str, file_id: str = RESUME_ID) -> LeadFile | None:
        """Return a file of a lead, or None; the content of a stored object is checked against its hash.

        Raises:
            ResumeStorageUnavailable: the object storage does not respond or is not configured.
            ResumeMissing: the object is missing or has other content.
        """
        stored = self._find(lead_id, file_id)
        while isinstance(stored, FileObject):
            file = self._fetch(stored)
            if file is not None:
                return file
            seen, stored = stored, self._find(lead_id, file_id)
            if stored == seen:  # otherwise it was replaced between the two reads
                raise ResumeMissing(lead_id)
        return stored

    def _find(self, lead_id: str, file_id: str) -> StoredFile | None:
        with self._unit_of_work.read_only() as tx:
            return tx.files.get(lead_id, file_id)

    def _fetch(self, stored: FileObject) -> LeadFile | None:
        if self._objects is None:
            raise ResumeStorageUnavailable("the file is in an object storage, and none is set up")
        content = self._objects.get(stored.key)
        try:
            return None if content is None else stored.with_content(content)
        except ValueError:
            return None
