"""State machines over a database instead of the memory."""

from typing import TypeVar, cast

from hypothesis.stateful import RuleBasedStateMachine

from leadtracker.adapters.database.tables import TABLES
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.raw_database import RawDatabase

Machine = TypeVar("Machine", bound=RuleBasedStateMachine)


def in_database(
    machine: type[Machine], raw_db: RawDatabase, unit_of_work: UnitOfWorkFactory
) -> type[Machine]:
    """Return a state machine whose runs each find a database empty.

    Args:
        machine: asks its method ``open_store`` for the store.
        raw_db: the database.
        unit_of_work: creates units of work on it.
    """

    def open_store(_machine: object) -> UnitOfWorkFactory:
        for table in reversed(TABLES):
            raw_db.execute(f"DELETE FROM {table._meta.table_name}")  # noqa: S608 - our own
        return unit_of_work

    name = f"{machine.__name__}InDatabase"
    return cast("type[Machine]", type(name, (machine,), {"open_store": open_store}))
