"""A scripted, in-memory receiver of weekly reports."""

from collections import deque
from collections.abc import Iterable

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.reports.report_sink import ReportSink

_TAKEN = DeliveryResult(outcome=Outcome.DELIVERED, detail=AttemptDetail(DetailCode.WRITTEN_TO_LOG))


class MemoryReportSink(ReportSink):
    """An in-memory ``ReportSink``; see the port for its promises.

    Attributes:
        arrived: every report that a real receiver would have received, in order, whatever its response.
    """

    def __init__(self, script: Iterable[DeliveryResult] = ()) -> None:
        self.arrived: list[WeeklyReport] = []
        self._script = deque(script)

    def expect(self, *results: DeliveryResult) -> None:
        """Script the results of the next attempts; without a script every attempt is delivered."""
        self._script.extend(results)

    def deliver(self, report: WeeklyReport) -> DeliveryResult:
        try:
            result = self._script.popleft()
        except IndexError:
            result = _TAKEN
        if result.outcome is not Outcome.NOT_SENT:
            self.arrived.append(report)
        return result
