"""Download and replace the resume of a lead."""

from collections.abc import Collection

from attrs import evolve, frozen

from leadtracker.domain.errors import InvalidInput, ResumeNotFound
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.history import Action, Change, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.resume import ResumeFile, Upload
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.resumes.load_resume import LoadResume
from leadtracker.domain.use_cases.resumes.resume_storage import ResumeStorage


@frozen(kw_only=True)
class GetResume:
    """Return the resume of a lead."""

    _unit_of_work: UnitOfWorkFactory
    _load_resume: LoadResume

    def __call__(self, actor: Actor, lead_id: str) -> ResumeFile:
        """Return the resume with its original content and name.

        Raises:
            PermissionDenied: the actor may not read leads.
            LeadNotFound: no lead has this id.
            ResumeNotFound: the lead has no resume.
            ResumeStorageUnavailable: the object storage does not respond.
        """
        actor.require(Permission.LEAD_READ)
        file = self._load_resume(lead_id)
        if file is None:
            with self._unit_of_work.read_only() as tx:
                tx.leads.get(lead_id)
            raise ResumeNotFound(lead_id)
        return file


@frozen(kw_only=True)
class PutResume:
    """Add a resume to a lead, or replace its resume."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _resume_storage: ResumeStorage
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
        with self._resume_storage.store(file) as stored, self._unit_of_work() as tx:
            lead = tx.leads.get(lead_id)
            lead.check_version(expected_versions)
            changed = evolve(lead, resume=file.resume).changed(now)
            tx.leads.save(changed)
            freed = tx.resumes.put(lead_id, stored)
            before = lead.resume.filename if lead.resume else None
            change = Change("resume", before, file.resume.filename)
            tx.history.append([evolve(entry(changed, actor, Action.RESUME_ADDED, now), changes=(change,))])
            self._notifications.lead_changed(tx, lead, changed)
            tx.commit()
        self._resume_storage.delete([freed])
        return changed


def _read(raw: Upload | str) -> ResumeFile:
    try:
        file = ResumeFile.read(raw)
    except ValueError as error:
        raise InvalidInput.of("resume", str(error)) from None
    if file is None:
        raise InvalidInput.of("resume", "is required")
    return file
