"""Make one attempt at delivering a weekly report: claim, send, settle."""

from attrs import frozen

from leadtracker.domain.model.delivery import DeliveryResult
from leadtracker.domain.model.weekly_report import WeeklyReport
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.report_sink import ReportSink
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen
class AttemptReport:
    """The one way in which a weekly report is sent; safe for any number of processes at once.

    The attempt is stored before the sink is asked and finished after it answered, each in a transaction of
    its own: whatever happens in between, the ledger tells of it.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource
    _sink: ReportSink

    def __call__(self, report: WeeklyReport) -> WeeklyReport | None:
        """Attempt to deliver ``report`` as it was read; None if another process has taken it meanwhile."""
        claimed = self._claim(report)
        return None if claimed is None else self._settle(claimed, self._sink.deliver(claimed))

    def _claim(self, report: WeeklyReport) -> WeeklyReport | None:
        now = self._clock.now()
        if report.is_leased(now):
            return None
        claimed = report.claim(now)
        return claimed if self._replace(claimed, report.epoch) else None

    def _settle(self, claimed: WeeklyReport, result: DeliveryResult) -> WeeklyReport:
        settled = claimed.settle(result, self._clock.now(), self._ids.fraction())
        # A late settlement is fenced off: whoever has claimed the report since then tells its state.
        self._replace(settled, claimed.epoch)
        return settled

    def _replace(self, report: WeeklyReport, epoch: int) -> bool:
        with self._unit_of_work() as tx:
            stored = tx.ledger.replace(report, epoch=epoch)
            tx.commit()
        return stored
