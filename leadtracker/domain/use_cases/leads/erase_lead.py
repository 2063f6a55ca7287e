"""Erase a person's data (GDPR, article 17)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice

from attrs import evolve, frozen

from leadtracker.domain.errors import LeadOnHold
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditRecord
from leadtracker.domain.model.leads.history import Action, entries_between, entry
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.model.values.email_address import EmailAddress
from leadtracker.domain.ports.deliveries.emails import KeptMails
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.files.file_storage import FileStorage
from leadtracker.domain.use_cases.leads.export_personal_data import rejected_of_person
from leadtracker.domain.use_cases.leads.link_duplicates import duplicates_of, promote_duplicates

_BATCH_SIZE = 50

Check = Callable[[UnitOfWork, Lead], None]
"""Raises an error if a lead must not be erased; each transaction of an erasure calls it with the lead."""


@frozen(kw_only=True)
class _ErasedLead:
    """The traces of an erased lead that other stores than the database still have.

    Attributes:
        objects: the keys of its files in the object storage.
        mails: the ids of deliveries about the lead, of which a mail folder may have files.
        lists: the ids of deliveries that list several leads and may name this one.
    """

    lead_id: str
    objects: list[str]
    mails: list[str]
    lists: list[str]


@frozen(kw_only=True)
class EraseLead:
    """Erase a lead with its follow-ups, deliveries, files, and quarantined leads of the same address.

    Sealed counts and a redacted history remain. Duplicates remain, too, unless they are erased with the lead:
    the oldest becomes the primary lead of the others.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _file_storage: FileStorage
    _notifications: Notifications
    _kept_mails: KeptMails

    def __call__(
        self,
        actor: Actor,
        lead_id: str,
        expected_versions: Collection[int] | None = None,
        *,
        with_duplicates: bool = False,
    ) -> None:
        """Erase a lead and, if asked for, its duplicates.

        Args:
            actor: the caller.
            lead_id: the lead's id.
            expected_versions: the versions that the caller accepts; None accepts any.
            with_duplicates: erase the lead's duplicates, too.

        Raises:
            PermissionDenied: the actor may not erase leads.
            LeadNotFound: no lead has this id.
            VersionConflict: the lead has none of the expected versions.
            LeadOnHold: a legal hold keeps the lead, or a duplicate that is to be erased.
        """
        versions = [expected_versions]

        def check(tx: UnitOfWork, lead: Lead) -> None:
            lead.check_version(versions.pop() if versions else None)  # the first batch makes a new version
            check_hold(tx, lead, with_duplicates=with_duplicates)

        self.checked(actor, lead_id, check, with_duplicates=with_duplicates)

    def checked(self, actor: Actor, lead_id: str, check: Check, *, with_duplicates: bool = False) -> None:
        """Erase a lead as ``__call__`` does, under the caller's conditions.

        Args:
            actor: the caller.
            lead_id: the lead's id.
            check: raises an error if the lead must not be erased. With many duplicates there are several
                transactions; an error in a later one leaves the lead and the duplicates that are left.
            with_duplicates: erase the lead's duplicates, too.

        Raises:
            PermissionDenied: the actor may not erase leads.
            LeadNotFound: no lead has this id.
        """
        actor.require(Permission.LEAD_ERASE)
        while not self._erase_some(actor, lead_id, check, with_duplicates=with_duplicates):
            pass

    def _erase_some(self, actor: Actor, lead_id: str, check: Check, *, with_duplicates: bool) -> bool:
        """Erase a lead or, if it has more than a few duplicates, deal with some of those; true at the end.

        Anyone can send thousands of duplicates. All of them in one transaction would keep others from writing
        for as long as it takes.
        """
        now = self._clock.now()
        with self._unit_of_work() as tx:
            tx.leads.lock_links()
            lead = tx.leads.get(lead_id)
            check(tx, lead)
            found = list(islice(duplicates_of(tx, lead_id), _BATCH_SIZE + 1))
            batch, is_last = found[:_BATCH_SIZE], len(found) <= _BATCH_SIZE
            if _erase_many_quarantined(tx, [lead, *(batch if with_duplicates else ())]):
                tx.commit()
                return False
            if with_duplicates:
                to_erase = [tx.leads.get(duplicate.id) for duplicate in batch]
                tx.leads.count_enquiries(lead_id, -len(batch))
            else:
                to_erase = []
                _free_address(tx, actor, lead, now, is_last=is_last)
                for before, after in promote_duplicates(tx, actor, batch, now):
                    self._notifications.lead_changed(tx, before, after)
            if is_last:
                to_erase.append(lead)
                if lead.duplicate_of is not None:
                    tx.leads.count_enquiries(lead.duplicate_of, -1)
            _erase_by_address(tx, to_erase)
            erased = [self._erase(tx, actor, one, now) for one in to_erase]
            if to_erase:  # each transaction that erases something has its entry
                tx.audit_log.append(AuditRecord.by(actor, AuditAction.PERSON_ERASED, now, lead_id))
            tx.commit()
        for one in erased:
            self._file_storage.delete(one.objects)
            self._kept_mails.erase(one.mails)
            self._kept_mails.erase_naming(one.lead_id, one.lists)
        return is_last

    def _erase(self, tx: UnitOfWork, actor: Actor, lead: Lead, now: datetime) -> _ErasedLead:
        """Erase a lead in the database, and return what is left of it elsewhere."""
        tx.follow_ups.erase(lead.id)
        tx.idempotency.erase(lead.id)
        erased = _ErasedLead(
            lead_id=lead.id,
            mails=tx.deliveries.erase(lead.id),
            lists=tx.deliveries.lists_of_leads(lead.created_at),
            objects=tx.files.remove_all(lead.id),
        )
        tx.leads.erase(lead.id)
        tx.history.redact(lead.id)
        tx.history.append([entry(lead.changed(now), actor, Action.ERASED, now)])
        self._notifications.lead_erased(tx, lead.id, now)
        return erased


def check_hold(tx: UnitOfWork, lead: Lead, *, with_duplicates: bool) -> None:
    """Check that no legal hold keeps a lead: its own, that of its primary lead, or of a duplicate to erase.

    Raises:
        LeadOnHold: one does.
    """
    primary = None if lead.duplicate_of is None else tx.leads.get(lead.duplicate_of)
    for one in (lead, primary):
        if one is not None and one.hold is not None:
            raise LeadOnHold(one.id)
    if with_duplicates:
        held = LeadFilter(duplicate_of=lead.id, duplicates=Duplicates.ONLY, is_on_hold=True)
        for duplicate in tx.leads.page(held, limit=1).items:
            raise LeadOnHold(duplicate.id)


def _free_address(tx: UnitOfWork, actor: Actor, lead: Lead, now: datetime, *, is_last: bool) -> None:
    """Take the address from a lead, so that a duplicate can become the primary lead of that address.

    What is found by the address is erased before: later transactions do not know it any more.
    """
    freed = evolve(lead, email=EmailAddress("", f"erased {lead.id}")).changed(now)
    if lead.identity == freed.identity:
        return  # an earlier batch has done it
    _erase_by_address(tx, [lead])
    tx.leads.save(freed)
    if not is_last:  # the erasure in the same transaction would be the entry of this version
        tx.history.append(entries_between(lead, freed, actor))


def _erase_by_address(tx: UnitOfWork, leads: Sequence[Lead]) -> None:
    """Erase the rejected submissions and quarantined leads of the addresses and numbers of leads."""
    for rejected in rejected_of_person(tx, leads):
        tx.rejected_submissions.remove(rejected.id)
    for identity in {lead.identity for lead in leads}:
        _erase_quarantined_leads(tx, identity)


def _erase_many_quarantined(tx: UnitOfWork, leads: Iterable[Lead]) -> bool:
    """Erase quarantined leads of one address that has more than a transaction should erase; false if none."""
    for identity in {lead.identity for lead in leads}:
        if len(tx.quarantine.of(identity, limit=_BATCH_SIZE + 1)) > _BATCH_SIZE:
            _erase_quarantined_leads(tx, identity, _BATCH_SIZE)
            return True
    return False


def _erase_quarantined_leads(tx: UnitOfWork, identity: str, limit: int | None = None) -> None:
    for quarantined_lead in tx.quarantine.of(identity, limit=limit):
        tx.idempotency.erase(quarantined_lead.id)
        tx.quarantine.remove(quarantined_lead.id)
