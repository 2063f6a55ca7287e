"""Sealed numbers and statistics under random changes of leads, in each database; see the state machine."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.examples.thoroughness import examples
from tests.support.models.counted_lead_machine import ReportedLeads
from tests.support.models.in_database import in_database
from tests.support.raw_database import RawDatabase


@pytest.fixture
def emptied(database_url: str, open_dialect: OpenDialect) -> type[ReportedLeads]:
    """The machine over one database, which each run finds empty."""
    unit_of_work = PeeweeUnitOfWorkFactory(open_dialect(database_url))
    return in_database(ReportedLeads, RawDatabase(database_url), unit_of_work)


def test_numbers_stay_explained(emptied: type[ReportedLeads]) -> None:
    run_state_machine_as_test(emptied, settings=settings(max_examples=examples(15), stateful_step_count=30))
