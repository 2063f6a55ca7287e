"""The daily tests of the public form, in memory."""

from datetime import date

from attrs import frozen

from leadtracker.domain.model.deliveries.canary import CanaryRun
from leadtracker.domain.ports.intake.canary import CanaryRuns
from tests.support.memory.store import Transaction


@frozen
class MemoryCanaryRuns(CanaryRuns):
    """An in-memory ``CanaryRuns``; see the port for its promises."""

    _transaction: Transaction

    def latest(self, limit: int) -> list[CanaryRun]:
        runs = self._transaction.tables.canary_runs
        return [runs[day] for day in sorted(runs, reverse=True)[:limit]]

    def find_running(self, secret: str) -> CanaryRun | None:
        runs = self._transaction.tables.canary_runs.values()
        return next((run for run in runs if run.secret == secret and run.finished_at is None), None)

    def add(self, run: CanaryRun) -> bool:
        runs = self._transaction.for_writing().canary_runs
        return runs.setdefault(run.day, run) is run

    def save(self, run: CanaryRun) -> None:
        runs = self._transaction.for_writing().canary_runs
        if run.day in runs:
            runs[run.day] = run

    def purge(self, before: date) -> None:
        tables = self._transaction.for_writing()
        tables.canary_runs = {day: run for day, run in tables.canary_runs.items() if day >= before}
