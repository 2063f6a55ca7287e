"""Port: where the weekly number goes."""

from typing import Protocol

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.reports.weekly_report import WeeklyReport


class ReportSink(Protocol):
    """Delivers the number of one week to whoever wants to know it."""

    def deliver(self, report: WeeklyReport) -> DeliveryResult:
        """Try once, within 30 seconds, and say how it went; whatever goes wrong outside is an outcome.

        The same ``report.webhook_id`` goes with every attempt at a week.
        """
        ...
