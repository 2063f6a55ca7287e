"""Download the files of a lead, and replace its resume."""

from collections.abc import Collection
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.errors import AttachmentNotFound, InvalidInput, ResumeNotFound
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.leads.history import Action, Change, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_file import RESUME_ID, LeadFile, Upload
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.files.file_storage import FileStorage
from leadtracker.domain.use_cases.files.load_file import LoadFile


@frozen(kw_only=True)
class GetResume:
    """Return the resume of a lead."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _load_file: LoadFile

    def __call__(self, actor: Actor, lead_id: str) -> LeadFile:
        """Return the resume with its original content and name.

        Raises:
            PermissionDenied: the actor may not read leads.
            LeadNotFound: no lead has this id.
            ResumeNotFound: the lead has no resume.
            ResumeStorageUnavailable: the object storage does not respond.
        """
        actor.require(Permission.LEAD_READ)
        file = self._load_file(lead_id)
        if file is None:
            with self._unit_of_work.read_only() as tx:
                tx.leads.get(lead_id)
            raise ResumeNotFound(lead_id)
        _record_download(self._unit_of_work, actor, lead_id, self._clock.now())
        return file


@frozen(kw_only=True)
class GetAttachment:
    """Return an attachment of a lead."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _load_file: LoadFile

    def __call__(self, actor: Actor, lead_id: str, attachment_id: str) -> LeadFile:
        """Return the attachment with its original content and name.

        Raises:
            PermissionDenied: the actor may not read leads.
            LeadNotFound: no lead has this id.
            AttachmentNotFound: the lead has no such attachment.
            ResumeStorageUnavailable: the object storage does not respond.
        """
        actor.require(Permission.LEAD_READ)
        file = None if attachment_id == RESUME_ID else self._load_file(lead_id, attachment_id)
        if file is None:
            with self._unit_of_work.read_only() as tx:
                tx.leads.get(lead_id)
            raise AttachmentNotFound(attachment_id)
        _record_download(self._unit_of_work, actor, lead_id, self._clock.now())
        return file


@frozen(kw_only=True)
class PutResume:
    """Add a resume to a lead, or replace its resume."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _file_storage: FileStorage
    _notifications: Notifications

    def __call__(
        self, actor: Actor, lead_id: str, raw: Upload | str, expected_versions: Collection[int] | None = None
    ) -> Lead:
        """Store the resume, record its name in the lead's history, and return the lead.

        Args:
            actor: the caller.
            lead_id: the lead's id.
            raw: an uploaded file, or the resume as text.
            expected_versions: the versions of the lead that the caller accepts; None accepts any.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: the file or the text is not acceptable as a resume.
            LeadNotFound: no lead has this id.
            VersionConflict: the lead has none of the expected versions.
            ResumeStorageUnavailable: the resume cannot be stored now; nothing was changed.
        """
        actor.require(Permission.LEAD_EDIT)
        file = _read(raw)
        now = self._clock.now()
        with self._file_storage.store({RESUME_ID: file}) as stored, self._unit_of_work() as tx:
            lead = tx.leads.get(lead_id)
            lead.check_version(expected_versions)
            changed = evolve(lead, resume=file.metadata).changed(now)
            tx.leads.save(changed)
            freed = tx.files.put(lead_id, stored[RESUME_ID])
            before = lead.resume.filename if lead.resume else None
            change = Change("resume", before, file.metadata.filename)
            tx.history.append([evolve(entry(changed, actor, Action.RESUME_ADDED, now), changes=(change,))])
            self._notifications.lead_changed(tx, lead, changed)
            tx.commit()
        self._file_storage.delete([freed])
        return changed


def _record_download(unit_of_work: UnitOfWorkFactory, actor: Actor, lead_id: str, now: datetime) -> None:
    with unit_of_work() as tx:
        tx.audit_log.append(AuditRecord.by(actor, AuditAction.FILE_DOWNLOADED, now, lead_id))
        tx.commit()


def _read(raw: Upload | str) -> LeadFile:
    try:
        file = LeadFile.read(raw)
    except ValueError as error:
        raise InvalidInput([field_error("resume", error)]) from None
    if file is None:
        raise InvalidInput([field_error("resume", InvalidValue("required"))])
    return file
