"""Change a lead's fields, its state, or its primary lead."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import islice

from attrs import evolve, frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.history import entries_between
from leadtracker.domain.model.leads.lead import ChangedLead, Lead
from leadtracker.domain.model.leads.lead_patch import LeadPatch
from leadtracker.domain.model.leads.lifecycle import OPEN_STATES, LeadState
from leadtracker.domain.ports.system import Clock, PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.leads.answer_enquiries import (
    AnswerRemaining,
    Contact,
    answer_enquiries,
)
from leadtracker.domain.use_cases.leads.link_duplicates import (
    MAX_RELINKED,
    check_address,
    check_target,
    count_link,
    duplicates_of,
    relink_duplicates,
)
from leadtracker.domain.use_cases.ownership.check_owner import check_owner, is_enabled


class OwnerMail(StrEnum):
    """The mails to a user who becomes the owner of a lead by the change of another user."""

    NONE = "none"
    ONE_LEAD = "one lead"
    SEVERAL_LEADS = "several leads"


@frozen(kw_only=True)
class UpdateLead:
    """Store new values of some fields of a lead, and record the differences in its history.

    A state after ``PENDING`` means that the person was contacted, which answers all their open enquiries.
    A converted or lost lead that needs work again does not stay with a disabled user.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _phones: PhoneParser
    _notifications: Notifications

    def __call__(
        self,
        actor: Actor,
        lead_id: str,
        raw: Mapping[str, object],
        expected_versions: Collection[int] | None = None,
    ) -> Lead:
        """Change the fields in ``raw``; if every value is unchanged, store nothing.

        Args:
            actor: the caller.
            lead_id: the lead's id.
            raw: the unvalidated new values by field name.
            expected_versions: the versions that the caller accepts; None accepts any.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: names every invalid, unknown and read-only field, and an owner who is no
                enabled user.
            LeadNotFound: no lead has this id.
            VersionConflict: the lead has none of the expected versions.
            IllegalTransition: no transition leads from the lead's state to the new one.
            DuplicateLead: the e-mail address or phone number belongs to another lead.
        """
        return self.with_answered(actor, lead_id, raw, expected_versions)[0][1]

    def with_answered(
        self,
        actor: Actor,
        lead_id: str,
        raw: Mapping[str, object],
        expected_versions: Collection[int] | None = None,
        owner_mail: OwnerMail = OwnerMail.ONE_LEAD,
    ) -> list[ChangedLead]:
        """As ``__call__``, but return each changed lead before and after: the lead itself, then others.

        ``owner_mail`` is what a user is mailed who becomes the owner.
        """
        actor.require(Permission.LEAD_EDIT)
        patch = LeadPatch.read(raw, self._phones.to_e164)
        now = self._clock.now()
        if patch.values.get("duplicate_of") is not None:
            while self._relink_some(actor, patch, lead_id, expected_versions, now):
                pass
        with self._unit_of_work() as tx:
            if {"duplicate_of", "state"} & patch.values.keys():
                tx.leads.lock_links()
            lead = tx.leads.get(lead_id)
            lead.check_version(expected_versions)
            patched = patch.apply(lead, now)
            if patched.owner != lead.owner:
                check_owner(tx, patched.owner)
            elif _is_reopened(lead, patched) and not is_enabled(tx, patched.owner):
                patched = evolve(patched, owner=None)
            if patched == lead:
                return [ChangedLead(lead, lead)]
            changes = _store(tx, actor, lead, patched.changed(now))
            changes += _answer(tx, actor, changes[0], now)
            for before, after in changes:
                self._notifications.lead_changed(tx, before, after)
            if patched.owner != lead.owner and owner_mail is not OwnerMail.NONE:
                is_one_of_many = owner_mail is OwnerMail.SEVERAL_LEADS
                self._notifications.assigned(tx, patched, actor, now, is_one_of_many=is_one_of_many)
            tx.commit()
        answer_rest = AnswerRemaining(unit_of_work=self._unit_of_work, notifications=self._notifications)
        return changes + answer_rest(actor, changes, Contact.STATE_CHANGE, now)

    def _relink_some(
        self,
        actor: Actor,
        patch: LeadPatch,
        lead_id: str,
        expected_versions: Collection[int] | None,
        now: datetime,
    ) -> bool:
        """Link a few duplicates of a lead to its new primary lead; false if only a few are left.

        Anyone can send thousands of duplicates. All of them in one transaction would keep others from writing
        for as long as it takes.
        """
        with self._unit_of_work() as tx:
            tx.leads.lock_links()
            lead = tx.leads.get(lead_id)
            lead.check_version(expected_versions)
            primary = patch.apply(lead, now).duplicate_of
            if primary in {None, lead.duplicate_of}:
                return False
            check_target(tx, lead, str(primary))
            found = list(islice(duplicates_of(tx, lead_id), MAX_RELINKED + 1))
            if len(found) <= MAX_RELINKED:
                return False
            for before, after in relink_duplicates(tx, actor, found[:MAX_RELINKED], str(primary), now):
                self._notifications.lead_changed(tx, before, after)
            tx.commit()
        return True


def _is_reopened(before: Lead, after: Lead) -> bool:
    """Return True if a converted or lost lead needs work again."""
    return after.state in OPEN_STATES and before.state not in OPEN_STATES


def _store(tx: UnitOfWork, actor: Actor, lead: Lead, changed: Lead) -> list[ChangedLead]:
    """Store the changed lead and relink its duplicates; return each changed lead before and after."""
    primary = changed.duplicate_of
    is_newly_linked = primary not in {None, lead.duplicate_of}
    if is_newly_linked:
        check_target(tx, lead, str(primary))
        changed = evolve(changed, enquiries=0)  # its duplicates are linked to its own primary lead
    if primary is not None and changed.identity != lead.identity:
        check_address(tx, changed)
    tx.leads.save(changed)
    count_link(tx, lead, changed)
    tx.history.append(entries_between(lead, changed, actor))
    link_changes = (
        relink_duplicates(tx, actor, duplicates_of(tx, lead.id), str(primary), changed.updated_at)
        if is_newly_linked
        else []
    )
    return [ChangedLead(lead, changed), *link_changes]


def _answer(tx: UnitOfWork, actor: Actor, changed: ChangedLead, now: datetime) -> list[ChangedLead]:
    """Answer the person's other open enquiries if the state change means that the person was contacted."""
    if changed.before.state is not LeadState.PENDING or changed.after.state is LeadState.PENDING:
        return []
    return answer_enquiries(tx, actor, changed.after, Contact.STATE_CHANGE, now)
