"""Check whether a user may own a lead."""

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.accounts.account import user_name_of
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.ports.unit_of_work import UnitOfWork


def check_owner(tx: UnitOfWork, name: str | None) -> None:
    """Check that a lead may be owned by ``name``, who stays enabled until the end of a writing unit of work.

    Call it after the lead is locked: one order of locking for all callers prevents deadlocks.

    Raises:
        InvalidInput: there is no user of that name, or the user is disabled.
    """
    if name is not None and not is_enabled(tx, name):
        raise InvalidInput([field_error("owner", InvalidValue("unknown-owner"))])


def is_enabled(tx: UnitOfWork, name: str | None) -> bool:
    """Return True for an enabled user, who stays so until the end of a writing unit of work.

    The order of locking is that of ``check_owner``.
    """
    return name is not None and tx.users.find_enabled(name) is not None


def owner_of_new(tx: UnitOfWork, identity: str, chosen: str) -> str:
    """Return the owner of a new lead of a person: that of the person's first lead, else the chosen one.

    Raises:
        InvalidInput: ``chosen`` becomes the owner, and is no enabled user.
    """
    primary = tx.leads.find_primary(identity)
    if primary and primary.owner and is_enabled(tx, primary.owner):
        return primary.owner
    check_owner(tx, chosen)
    return chosen


def owner_of(actor: Actor) -> str:
    """Return the name under which an actor owns leads.

    Raises:
        InvalidInput: the actor is an API key or a process, which cannot own leads.
    """
    name = user_name_of(actor.name)
    if name is None:
        raise InvalidInput([field_error("owner", InvalidValue("no-user"))])
    return name
