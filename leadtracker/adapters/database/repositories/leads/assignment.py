"""The owner of a new lead, as expressions of the statement that inserts it.

The statement itself decides, so that leads of many threads are still stored together in one transaction, and
each sees those before it. Only one transaction at a time may assign; callers hold a lock for that.
"""

from typing import Any

import peewee

from leadtracker.adapters.database.engine.dialects.dialect import Select
from leadtracker.adapters.database.engine.statements import RowLock
from leadtracker.adapters.database.tables import LeadRow, UserRow
from leadtracker.domain.model.accounts.account import Assignment
from leadtracker.domain.model.leads.lifecycle import OPEN_STATES

_IS_ASSIGNED = LeadRow.assigned_number.is_null(is_null=False)


def assigned(assignment: Assignment, owner: peewee.Node, lock_shared: RowLock) -> dict[Any, Any]:
    """Return the values of the columns of the owner and of the position in the order of assignment.

    Args:
        assignment: how a lead without an owner gets one.
        owner: the owner, whom the lead keeps; null without one.
        lock_shared: locks the user against being disabled until the transaction ends.
    """
    if assignment is Assignment.NONE:
        return {LeadRow.owner: owner}
    chosen = lock_shared(_next_in_order() if assignment is Assignment.ROUND_ROBIN else _least_busy())
    # On PostgreSQL the chosen row is left out if the user is being disabled; then another one is chosen.
    owners = peewee.fn.COALESCE(owner, chosen, lock_shared(_assignable().order_by(UserRow.name).limit(1)))
    if assignment is Assignment.LEAST_BUSY:
        return {LeadRow.owner: owners}
    # The cast gives PostgreSQL the type of a parameter that is only compared with null.
    is_unowned = peewee.NodeList((peewee.Cast(owner, "TEXT"), peewee.SQL("IS NULL")))
    number = peewee.Case(None, [(is_unowned, _next_number())], None)
    return {LeadRow.owner: owners, LeadRow.assigned_number: number}


def _assignable() -> Select:
    query: Select = UserRow.select(UserRow.name)
    return query.where(UserRow.is_assignable == 1, UserRow.disabled_at.is_null())


def _next_in_order() -> Select:
    number = peewee.fn.COUNT(peewee.SQL("*"))
    users = UserRow.select(peewee.fn.COALESCE(peewee.fn.NULLIF(number, 0), 1)).where(
        UserRow.is_assignable == 1, UserRow.disabled_at.is_null()
    )
    # The remainder, without its operator, which is written differently for each driver.
    position = peewee.NodeList(
        (_last_number(), peewee.SQL("-"), _last_number(), peewee.SQL("/"), users, peewee.SQL("*"), users)
    )
    query: Select = _assignable().order_by(UserRow.name).limit(1).offset(position)
    return query


def _least_busy() -> Select:
    is_open = LeadRow.state.in_([peewee.SQL(f"'{state.value}'") for state in sorted(OPEN_STATES)])
    number = LeadRow.select(peewee.fn.COUNT(peewee.SQL("*"))).where(LeadRow.owner == UserRow.name, is_open)
    query: Select = _assignable().order_by(number, UserRow.name).limit(1)
    return query


def _last_number() -> Select:
    last: Select = LeadRow.select(peewee.fn.COALESCE(peewee.fn.MAX(LeadRow.assigned_number), 0))
    return last.where(_IS_ASSIGNED)


def _next_number() -> peewee.Node:
    return peewee.NodeList((_last_number(), peewee.SQL("+ 1")))
