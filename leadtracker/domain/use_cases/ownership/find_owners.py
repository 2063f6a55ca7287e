"""Find who may own leads, for the choices and the default views of pages."""

from attrs import frozen

from leadtracker.domain.model.accounts.access import Actor, Permission, Role
from leadtracker.domain.model.accounts.account import user_name_of
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class FindOwners:
    """Name the users who may own leads; unlike ``ManageUsers`` for everyone who may read leads."""

    _unit_of_work: UnitOfWorkFactory

    def __call__(self, actor: Actor) -> list[str]:
        """Return the names of all enabled users, sorted.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        with self._unit_of_work.read_only() as tx:
            return [user.name for user in tx.users.all() if user.disabled_at is None]

    def prefers_own(self, actor: Actor) -> bool:
        """Return True for an agent who owns leads: such a user wants to see these first.

        Raises:
            PermissionDenied: the actor may not read leads.
        """
        actor.require(Permission.LEAD_READ)
        name = user_name_of(actor.name)
        if name is None or actor.role is not Role.AGENT:
            return False
        lead_filter = LeadFilter(owner=name, duplicates=Duplicates.INCLUDE)
        with self._unit_of_work.read_only() as tx:
            return bool(tx.leads.page(lead_filter, limit=1).items)
