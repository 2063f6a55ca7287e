"""Weekly reports, sent to the trigger URL of a Retool workflow."""

import json

from leadtracker.adapters.http_client.http_poster import HttpPoster, OutboundRequest
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.reports.report_sink import ReportSink
from leadtracker.domain.ports.system import Clock


class RetoolReportSink(ReportSink):
    """Posts the weekly number to Retool; the body is exactly ``{"number_of_leads": N}``.

    Args:
        url: the workflow's trigger URL, which may hold its key.
        api_key: sent as ``X-Workflow-Api-Key``; None if the key is in the URL.
        seconds: the limits of an attempt; see ``HttpPoster``.
    """

    def __init__(self, url: str, api_key: str | None, clock: Clock, **seconds: float) -> None:
        self._url = url
        self._headers = {"X-Workflow-Api-Key": api_key} if api_key else {}
        self._http_poster = HttpPoster(clock, **seconds)

    def deliver(self, report: WeeklyReport) -> DeliveryResult:
        headers = {
            "Content-Type": "application/json",
            "webhook-id": report.webhook_id,
            "X-LeadTracker-Week": report.week.name,
            **self._headers,
        }
        body = json.dumps({"number_of_leads": report.number_of_leads}).encode()
        return self._http_poster.post(OutboundRequest(self._url, body, headers))
