"""A receiver of the weekly number that answers in every way, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from attrs import frozen
from dependency_injector import providers

from leadtracker.adapters.http_client import http_poster
from leadtracker.adapters.retool.report_sink import RetoolReportSink
from leadtracker.container import Container
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.reports.weekly_report import ReportState
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import replaced
from tests.support.clock import NOW, WEEK
from tests.support.memory.system import MemoryClock
from tests.support.servers.processes import free_port
from tests.support.servers.receiver import (
    Reaction,
    Receiver,
    flood,
    garble,
    hang,
    reset_after_reading,
    reset_before_reading,
    response,
)

_SLOW, _SHORT_SECONDS = "slow", 1.0
"""Only the receiver that never answers gets a short limit; others would miss it on a loaded machine."""
_BACKOFF, _LATER, _ASKED = timedelta(seconds=5), timedelta(hours=6), timedelta(minutes=2)
_TOLERANCE = 0.21
"""Of a delay: backoff varies by 20 %."""


@frozen
class _Case:
    """An answer, and what has to follow: the outcome, and the delay until the next attempt."""

    name: str
    reaction: Reaction | None
    outcome: Outcome
    delay: timedelta | None


_CASES = (
    _Case("200", response(200), Outcome.DELIVERED, None),
    _Case("204", response(204, body=b""), Outcome.DELIVERED, None),
    _Case("10 MB", flood(200, 10_000_000), Outcome.DELIVERED, None),
    _Case("302", response(302, {"Location": "/elsewhere"}), Outcome.REJECTED, _LATER),
    _Case("401", response(401), Outcome.REJECTED, _LATER),
    _Case("404", response(404), Outcome.REJECTED, _LATER),
    _Case("422", response(422), Outcome.REJECTED, _LATER),
    _Case("429", response(429, {"Retry-After": "120"}), Outcome.RETRY, _ASKED),
    _Case("500", response(500), Outcome.RETRY, _BACKOFF),
    _Case(_SLOW, hang, Outcome.UNKNOWN, _BACKOFF),
    _Case("reset before the body", reset_before_reading, Outcome.UNKNOWN, _BACKOFF),
    _Case("reset after the body", reset_after_reading, Outcome.UNKNOWN, _BACKOFF),
    _Case("no HTTP", garble, Outcome.UNKNOWN, _BACKOFF),
    _Case("refused", None, Outcome.NOT_SENT, _BACKOFF),
)


def run(sandbox: Sandbox) -> None:
    """Answer the number of one week in each way, and see what is recorded and when it is tried again."""
    clock = MemoryClock(NOW)
    with Receiver() as receiver, sandbox.container(clock) as container:
        unexpected = [case.name for case in _CASES if not _follows(container, clock, receiver, case)]
        posts = len({request.headers["webhook-id"] for request in receiver.requests})
    sandbox.findings.record(cases=len(_CASES))
    sandbox.findings.expect_equal([], unexpected=unexpected)
    sandbox.findings.expect_equal(len(_CASES), weeks_posted=posts)


def _follows(container: Container, clock: MemoryClock, receiver: Receiver, case: _Case) -> bool:
    """Attempt the next week; then let it be delivered, so that the next case has another one."""
    clock.advance(WEEK - 2 * _LATER)
    container.seal_weeks()()
    url = receiver.url if case.reaction else f"http://127.0.0.1:{free_port()}/"
    if case.reaction:
        receiver.expect(case.reaction)
    began = clock.now()
    seconds = {"total_seconds": _SHORT_SECONDS} if case.name == _SLOW else {}
    _attempt(container, clock, url, **seconds)
    with container.unit_of_work().read_only() as tx:
        report = tx.ledger.all()[-1]
    is_right = report.attempts[-1].outcome is case.outcome and _is_due_after(report.due_at, began, case.delay)
    clock.advance(2 * _LATER)
    _attempt(container, clock, receiver.url)
    with container.unit_of_work().read_only() as tx:
        return is_right and tx.ledger.all()[-1].state is ReportState.DELIVERED


def _attempt(container: Container, clock: MemoryClock, url: str, **seconds: float) -> None:
    sink = RetoolReportSink(url=url, api_key=None, clock=clock, **seconds)
    with container.report_sink.override(providers.Object(sink)):
        container.send_report_once.reset()
        container.send_due_reports.reset()
        list(container.send_due_reports()())


def _is_due_after(due_at: datetime | None, began: datetime, delay: timedelta | None) -> bool:
    if due_at is None or delay is None:
        return due_at is None and delay is None
    return abs((due_at - began) / delay - 1) <= _TOLERANCE


@contextmanager
def _retry_everything() -> Iterator[None]:
    with replaced(http_poster, _RETRY_STATUSES=frozenset(range(300, 600))):
        yield


CAMPAIGN = Campaign(
    "receiver-answers",
    "a receiver of the number that answers in 14 ways",
    run,
    bugs=(
        PlantedBug("a rejection is retried as a failure of the server", ("unexpected",), _retry_everything),
    ),
)
