"""Weekly reporting in any order of events, in SQLite; see the state machine for what must hold."""

import tempfile
from pathlib import Path

from hypothesis import settings

from leadtracker.adapters.database.engine.dialects import dialect_for
from leadtracker.adapters.database.schema import PeeweeSchema
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWorkFactory
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.models.report_state_machine import WeeklyReporting


class WeeklyReportingInSqlite(WeeklyReporting):
    """Open a separate database for each run."""

    def open_store(self) -> UnitOfWorkFactory:
        self._folder = tempfile.TemporaryDirectory()
        self._dialect = dialect_for(f"sqlite:///{Path(self._folder.name) / 'leadtracker.db'}")
        PeeweeSchema(self._dialect).prepare()
        return PeeweeUnitOfWorkFactory(self._dialect)

    def teardown(self) -> None:
        super().teardown()
        self._dialect.close()
        self._folder.cleanup()


TestWeeklyReportingInSqlite = WeeklyReportingInSqlite.TestCase
TestWeeklyReportingInSqlite.settings = settings(max_examples=15, stateful_step_count=40)
