"""Read the consent that came with a lead."""

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.intake.consent import Consent
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class ReadConsent:
    """Return the consent of a lead."""

    _unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor, lead_id: str) -> Consent | None:
        """Return the consent; None if the lead came without one, or is unknown.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            return tx.consents.of(lead_id)
