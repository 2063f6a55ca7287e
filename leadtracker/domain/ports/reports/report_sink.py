"""Port: sending the weekly number."""

from typing import Protocol

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.reports.weekly_report import WeeklyReport


class ReportSink(Protocol):
    """Sends the number of leads of one week to its receiver."""

    def deliver(self, report: WeeklyReport) -> DeliveryResult:
        """Make one attempt of at most 30 seconds; every external failure is an outcome, not an exception.

        Every attempt for a week sends the same ``report.webhook_id``.
        """
        ...
