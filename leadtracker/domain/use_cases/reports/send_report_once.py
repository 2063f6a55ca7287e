"""Make one attempt at delivering a weekly report."""

from attrs import frozen

from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.reports.report_sink import ReportSink
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryWorker


@frozen
class SendReportOnce:
    """The one way in which a weekly report is sent."""

    _delivery_worker: DeliveryWorker
    _sink: ReportSink

    def __call__(self, report: WeeklyReport) -> WeeklyReport | None:
        """Attempt to deliver ``report`` as it was read; None if another process has taken it meanwhile."""
        return self._delivery_worker(lambda _tx: report, _replace, self._sink.deliver)


def _replace(tx: UnitOfWork, report: WeeklyReport, epoch: int) -> bool:
    return tx.ledger.replace(report, epoch=epoch)
