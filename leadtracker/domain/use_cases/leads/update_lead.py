"""Change a lead: its fields, its state, whose duplicate it is."""

from collections.abc import Collection, Mapping

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.history import entries_between
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_patch import LeadPatch
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.leads.phone_parser import PhoneParser
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.leads.link_duplicates import (
    LinkChange,
    check_address,
    check_target,
    relink_duplicates,
)


@frozen(kw_only=True)
class UpdateLead:
    """Store new values of some fields of a lead and record in its history what was different."""

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
        """Give the fields in ``raw`` new values; the rest stays. What is the same already is not recorded.

        Args:
            actor: who asks.
            lead_id: which lead.
            raw: new values by field.
            expected_versions: those that the caller is ready to change; None if any will do.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: naming every bad, unknown and read-only field.
            LeadNotFound: there is no such lead.
            VersionConflict: the lead has none of these versions.
            IllegalTransition: the state cannot follow the lead's own.
            DuplicateLead: the e-mail address belongs to another lead.
        """
        actor.require(Permission.LEAD_EDIT)
        patch = LeadPatch.read(raw, self._phones.to_e164)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            if "duplicate_of" in patch.values:
                tx.leads.lock_links()
            lead = tx.leads.get(lead_id)
            lead.check_version(expected_versions)
            patched = patch.apply(lead, now)
            if patched == lead:
                return lead
            changed = patched.changed(now)
            for before, after in _store(tx, actor, lead, changed):
                self._notifications.lead_changed(tx, before, after)
            tx.commit()
        return changed


def _store(tx: UnitOfWork, actor: Actor, lead: Lead, changed: Lead) -> list[LinkChange]:
    """Store what was changed, and tell of each lead that is another now: as it was and as it is."""
    primary = changed.duplicate_of
    is_newly_linked = primary not in {None, lead.duplicate_of}
    if is_newly_linked:
        check_target(tx, lead, str(primary))
    if primary is not None and changed.email.key != lead.email.key:
        check_address(tx, changed)
    tx.leads.save(changed)
    tx.history.append(entries_between(lead, changed, actor))
    link_changes = (
        relink_duplicates(tx, actor, lead.id, str(primary), changed.updated_at) if is_newly_linked else []
    )
    return [(lead, changed), *link_changes]
