"""List, release, delete and purge quarantined leads."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from attrs import evolve, frozen

from leadtracker.domain.errors import QuarantinedLeadNotFound
from leadtracker.domain.model.accounts.access import PUBLIC, Actor, Permission
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.intake.quarantined_lead import (
    MAX_QUARANTINE_AGE,
    QuarantinedLead,
    QuarantineReason,
)
from leadtracker.domain.model.intake.rejected_submission import QuarantineEntry, RejectedSubmission
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.domain.model.leads.lead_file import LeadFile
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.system import Clock, PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications

MAX_COUNTED = 99
"""The limit of the count of entries."""


@frozen(kw_only=True)
class ManageQuarantine:
    """Let users decide about quarantined leads, and purge those that are left undecided."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _phones: PhoneParser
    _notifications: Notifications
    _assignment: Assignment = Assignment.NONE

    def page(
        self,
        actor: Actor,
        *,
        limit: int,
        after: Cursor | None,
        reason: QuarantineReason | None = None,
    ) -> Page[QuarantineEntry]:
        """Return at most ``limit`` entries, newest first, from the cursor ``after`` on.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return _page(tx, limit, after, reason)

    def count(self, actor: Actor) -> int:
        """Return the number of entries, at most ``MAX_COUNTED`` + 1.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        limit = MAX_COUNTED + 1
        with self._unit_of_work.read_only() as tx:
            return min(limit, tx.quarantine.count(limit=limit) + tx.rejected_submissions.count(limit=limit))

    def get_rejected(self, actor: Actor, rejected_id: str) -> RejectedSubmission:
        """Return a rejected submission.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
            QuarantinedLeadNotFound: no rejected submission has this id.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return tx.rejected_submissions.get(rejected_id)

    def release(
        self,
        actor: Actor,
        quarantined_lead_id: str,
        corrected: Mapping[str, object] = MappingProxyType({}),
    ) -> Lead:
        """Turn an entry into a lead, with the owner and the notifications of a new lead.

        Of a rejected submission, the ``corrected`` fields replace those that were sent; the rest stays.

        The lead keeps its id and creation time, so it counts for the week of that time, unless that week is
        sealed. Its files stay in the database, even if files are kept in object storage.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
            QuarantinedLeadNotFound: no entry has this id.
            InvalidInput: names every field of a rejected submission that is still invalid.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            try:
                quarantined_lead = tx.quarantine.get(quarantined_lead_id)
                files = tx.quarantine.files_of(quarantined_lead_id)
            except QuarantinedLeadNotFound:
                rejected = tx.rejected_submissions.get(quarantined_lead_id)
                quarantined_lead, files = self._correct(rejected, corrected)
            tx.leads.add_or_mark_duplicate(quarantined_lead.lead, self._assignment)
            lead = tx.leads.get(quarantined_lead.lead.id)
            tx.rollups.record_change(lead.created_at)  # its day may be closed
            for file_id, file in files.items():
                tx.files.put(lead.id, file, file_id)
            _record(tx, actor, quarantined_lead, lead, now)
            tx.history.append_to_primary(entry(lead, actor, Action.ENQUIRED_AGAIN, now, lead.id))
            self._notifications.lead_created(tx, lead, now)
            _remove(tx, quarantined_lead)
            tx.commit()
        return lead

    def _correct(
        self, rejected: RejectedSubmission, corrected: Mapping[str, object]
    ) -> tuple[QuarantinedLead, Mapping[str, LeadFile]]:
        """Return the lead of a corrected submission, and its files."""
        sent = {name: tuple(one) if isinstance(one, list) else one for name, one in rejected.fields.items()}
        draft = LeadDraft.read({**sent, **corrected}, self._phones.to_e164)
        lead = draft.to_lead(rejected.id, rejected.received_at)
        return QuarantinedLead(lead=lead, reason=rejected.reason, request_id=rejected.request_id), draft.files

    def delete(self, actor: Actor, quarantined_lead_id: str) -> None:
        """Delete an entry permanently.

        Raises:
            PermissionDenied: the actor may not manage the quarantine.
            QuarantinedLeadNotFound: no entry has this id.
        """
        actor.require(Permission.QUARANTINE_MANAGE)
        with self._unit_of_work() as tx:
            try:
                tx.quarantine.remove(quarantined_lead_id)
                tx.idempotency.erase(quarantined_lead_id)
            except QuarantinedLeadNotFound:
                tx.rejected_submissions.remove(quarantined_lead_id)
            tx.commit()

    def purge_expired(self) -> int:
        """Delete entries that are too old, and return their number; called by every scheduler."""
        before = self._clock.now() - MAX_QUARANTINE_AGE
        with self._unit_of_work() as tx:
            purged = tx.quarantine.purge(before) + tx.rejected_submissions.purge(before)
            tx.commit()
        return purged


def _page(
    tx: UnitOfWork, limit: int, after: Cursor | None, reason: QuarantineReason | None
) -> Page[QuarantineEntry]:
    entries: list[QuarantineEntry] = []
    if reason is not QuarantineReason.INVALID:
        entries += tx.quarantine.page(limit=limit + 1, after=after, reason=reason).items
    if reason in {None, QuarantineReason.INVALID}:
        entries += tx.rejected_submissions.page(limit=limit + 1, after=after)
    entries.sort(key=lambda one: (one.received_at, one.id), reverse=True)
    return Page.cut(entries, limit, lambda one: one.cursor)


def _remove(tx: UnitOfWork, released: QuarantinedLead) -> None:
    if released.reason is QuarantineReason.INVALID:
        tx.rejected_submissions.remove(released.id)
    else:
        tx.quarantine.remove(released.id)


def _record(
    tx: UnitOfWork, actor: Actor, quarantined_lead: QuarantinedLead, lead: Lead, now: datetime
) -> None:
    """Add the submission by an anonymous client and the release by the actor to the history."""
    sender = evolve(PUBLIC, request_id=quarantined_lead.request_id)
    consent = quarantined_lead.consent
    if consent is not None:
        tx.consents.add(lead.id, consent)
    text = None if consent is None else consent.text
    created = entry(lead, sender, Action.CREATED, quarantined_lead.received_at, text)
    released = entry(lead, actor, Action.RELEASED, now, quarantined_lead.reason.value)
    tx.history.append([created, released])
