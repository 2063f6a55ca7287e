"""The weekly number, to the trigger of a Retool workflow.

One attempt is one POST: up to 5 seconds to connect, 30 seconds in all, no redirects. What an attempt means is
decided by how far it got: before the connection stood nothing was sent; after an answer its status decides;
in between nobody can know.
"""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from leadtracker.domain.model.delivery import DeliveryResult, Outcome
from leadtracker.domain.model.weekly_report import WeeklyReport
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.report_sink import ReportSink

_MOST_BYTES_READ = 64 * 1024
_ASKS_FOR_RETRY = frozenset({408, 425, 429})
_NOTHING_WAS_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class RetoolReportSink(ReportSink):
    """See the port for what it promises.

    The URL may hold the workflow's key, and httpx puts URLs into its errors; so nothing of an error leaves
    this class but its kind, and of the URL only the host.

    Args:
        connect_seconds: how long the connection, with TLS, may take to stand.
        total_seconds: how long an attempt may take in all; a report's lease is twice as long.
    """

    def __init__(
        self,
        url: str,
        api_key: str | None,
        clock: Clock,
        *,
        connect_seconds: float = 5.0,
        total_seconds: float = 30.0,
    ) -> None:
        self._url = httpx.URL(url)
        self._headers = {"X-Workflow-Api-Key": api_key} if api_key else {}
        self._clock = clock
        self._timeout = httpx.Timeout(total_seconds, connect=connect_seconds)
        self._total_seconds = total_seconds

    def deliver(self, report: WeeklyReport) -> DeliveryResult:
        return asyncio.run(self._deliver(report))

    async def _deliver(self, report: WeeklyReport) -> DeliveryResult:
        answers: list[httpx.Response] = []
        try:
            async with asyncio.timeout(self._total_seconds):
                await self._post(report, answers)
        except _NOTHING_WAS_SENT as error:
            return self._without_answer(Outcome.NOT_SENT, error)
        except (httpx.TransportError, TimeoutError) as error:
            if not answers:
                return self._without_answer(Outcome.UNKNOWN, error)
        return self._answered(answers[0])

    async def _post(self, report: WeeklyReport, answers: list[httpx.Response]) -> None:
        """Send the report and note the answer as soon as its head is there."""
        headers = {
            "Content-Type": "application/json",
            "webhook-id": report.webhook_id,
            "X-LeadTracker-Week": report.week.name,
            **self._headers,
        }
        body = json.dumps({"number_of_leads": report.number_of_leads})
        async with (
            httpx.AsyncClient(timeout=self._timeout, follow_redirects=False) as client,
            client.stream("POST", self._url, content=body, headers=headers) as answer,
        ):
            answers.append(answer)
            await _read_politely(answer)

    def _without_answer(self, outcome: Outcome, error: Exception) -> DeliveryResult:
        detail = f"{type(error).__name__} at {self._url.host}"
        return DeliveryResult(outcome=outcome, detail=detail)

    def _answered(self, answer: httpx.Response) -> DeliveryResult:
        return DeliveryResult(
            outcome=_outcome_of(answer.status_code),
            status=answer.status_code,
            detail=f"{self._url.host} answered {answer.status_code}",
            retry_after=_retry_after(answer.headers.get("Retry-After"), self._clock.now()),
        )


async def _read_politely(answer: httpx.Response) -> None:
    """Let the receiver finish a short answer; a long one is cut off."""
    read = 0
    async for chunk in answer.aiter_raw(chunk_size=8192):
        read += len(chunk)
        if read >= _MOST_BYTES_READ:
            return


def _outcome_of(status: int) -> Outcome:
    if httpx.codes.is_success(status):
        return Outcome.DELIVERED
    if status in _ASKS_FOR_RETRY or httpx.codes.is_server_error(status):
        return Outcome.RETRY
    return Outcome.REFUSED


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read a Retry-After header (RFC 9110, section 10.2.3): seconds or a date; nonsense counts as absent."""
    if value is None:
        return None
    try:
        if value.strip().isdecimal():
            return timedelta(seconds=int(value))
        return parsedate_to_datetime(value).replace(tzinfo=UTC) - now
    except (ValueError, OverflowError):
        return None
