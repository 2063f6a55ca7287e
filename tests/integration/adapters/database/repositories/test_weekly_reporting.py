"""Weekly reporting in any order of events, in each database; see the state machine for what must hold."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from tests.integration.adapters.database.conftest import OpenDialect
from tests.support.examples.thoroughness import examples
from tests.support.models.in_database import in_database
from tests.support.models.report_state_machine import WeeklyReporting
from tests.support.raw_database import RawDatabase


@pytest.fixture
def emptied(database_url: str, open_dialect: OpenDialect) -> type[WeeklyReporting]:
    """The machine over one database, which each run finds empty."""
    unit_of_work = PeeweeUnitOfWorkFactory(open_dialect(database_url))
    return in_database(WeeklyReporting, RawDatabase(database_url), unit_of_work)


def test_weekly_reporting_matches_model(emptied: type[WeeklyReporting]) -> None:
    run_state_machine_as_test(emptied, settings=settings(max_examples=examples(10), stateful_step_count=40))
