"""Sealed numbers and statistics under random changes of leads, in each database; see the state machine."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from leadtracker.adapters.database.tables import TABLES
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.examples.thoroughness import examples
from tests.support.models.counted_lead_machine import ReportedLeads
from tests.support.raw_database import RawDatabase


@pytest.fixture
def emptied(database_url: str, open_dialect: OpenDialect) -> type[ReportedLeads]:
    """The machine over one database, which each run finds empty."""
    raw_db = RawDatabase(database_url)
    unit_of_work = PeeweeUnitOfWorkFactory(open_dialect(database_url))

    class ReportedLeadsInDatabase(ReportedLeads):
        def open_store(self) -> UnitOfWorkFactory:
            for table in reversed(TABLES):
                raw_db.execute(f"DELETE FROM {table._meta.table_name}")  # noqa: S608 - our own
            return unit_of_work

    return ReportedLeadsInDatabase


def test_numbers_stay_explained(emptied: type[ReportedLeads]) -> None:
    run_state_machine_as_test(emptied, settings=settings(max_examples=examples(15), stateful_step_count=30))
