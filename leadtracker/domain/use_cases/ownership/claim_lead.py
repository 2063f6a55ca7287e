"""Claim a lead: make the caller its owner, unless another user owns it."""

from collections.abc import Collection

from attrs import evolve, frozen

from leadtracker.domain.errors import AlreadyOwned
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.leads.history import entries_between
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.ownership.check_owner import check_owner, owner_of


@frozen(kw_only=True)
class ClaimLead:
    """Make the caller the owner of a lead; of several callers, one succeeds."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _notifications: Notifications

    def __call__(self, actor: Actor, lead_id: str, expected_versions: Collection[int] | None = None) -> Lead:
        """Return the claimed lead; a lead that the caller owns already stays as it is.

        Args:
            actor: the caller.
            lead_id: the lead's id.
            expected_versions: the versions that the caller accepts; None accepts any.

        Raises:
            PermissionDenied: the actor may not edit leads.
            InvalidInput: the actor is no enabled user.
            LeadNotFound: no lead has this id.
            VersionConflict: the lead has none of the expected versions.
            AlreadyOwned: another user owns the lead.
        """
        actor.require(Permission.LEAD_EDIT)
        owner = owner_of(actor)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            lead = tx.leads.get(lead_id)
            if lead.owner == owner:
                return lead
            if lead.owner is not None:
                raise AlreadyOwned(lead.owner)
            lead.check_version(expected_versions)
            check_owner(tx, owner)
            claimed = evolve(lead, owner=owner).changed(now)
            tx.leads.save(claimed)
            tx.history.append(entries_between(lead, claimed, actor))
            self._notifications.lead_changed(tx, lead, claimed)
            tx.commit()
        return claimed
