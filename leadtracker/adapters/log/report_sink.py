"""Weekly reports, written to the log."""

import structlog

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.reports.report_sink import ReportSink


class LogReportSink(ReportSink):
    """Logs the number of each week, for installations without ``LEADTRACKER_RETOOL_URL``."""

    def deliver(self, report: WeeklyReport) -> DeliveryResult:
        structlog.get_logger(__name__).info(
            "weekly report; set LEADTRACKER_RETOOL_URL to send it",
            week=report.week.name,
            number_of_leads=report.number_of_leads,
        )
        return DeliveryResult(outcome=Outcome.DELIVERED, detail=AttemptDetail(DetailCode.WRITTEN_TO_LOG))
