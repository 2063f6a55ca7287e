"""Contract suite of ``ReportSink``, with the meaning of each outcome."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

import pytest
from attrs import frozen

from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.reports.report_sink import ReportSink
from tests.support.builders import make_report
from tests.support.clock import NOW

RETRY_AFTER = timedelta(seconds=120)


class Situation(StrEnum):
    """A receiver's reaction to an attempt."""

    TAKES_IT = "takes it"
    REJECTS = "answers that it will never take this, as with HTTP 401"
    IS_OVERLOADED = "asks to come back after RETRY_AFTER, as with HTTP 503"
    IS_AWAY = "cannot be reached, so that nothing is sent"
    HANGS_UP = "breaks off after it has got everything and before it answers"


OUTCOMES = {
    Situation.TAKES_IT: Outcome.DELIVERED,
    Situation.REJECTS: Outcome.REJECTED,
    Situation.IS_OVERLOADED: Outcome.RETRY,
    Situation.IS_AWAY: Outcome.NOT_SENT,
    Situation.HANGS_UP: Outcome.UNKNOWN,
}


@frozen
class Received:
    """The data that a receiver got in one attempt."""

    webhook_id: str
    number_of_leads: int


class Receiver(Protocol):
    """The receiver of a sink, created by the fixture ``receiver`` of each suite."""

    def sink(self, situation: Situation) -> ReportSink:
        """Return a sink whose receiver puts every attempt into the situation."""
        ...

    def received(self) -> Sequence[Received]:
        """Return the received reports, oldest first."""
        ...


class ReportSinkContract:
    """Requires the fixture ``receiver``."""

    def test_attempt_delivers_number_once(self, receiver: Receiver) -> None:
        result = receiver.sink(Situation.TAKES_IT).deliver(claimed(number_of_leads=42))
        assert result.outcome is Outcome.DELIVERED
        assert list(receiver.received()) == [Received("lt-week-2026-W46", 42)]

    def test_week_without_leads_is_delivered(self, receiver: Receiver) -> None:
        receiver.sink(Situation.TAKES_IT).deliver(claimed(number_of_leads=0))
        assert list(receiver.received()) == [Received("lt-week-2026-W46", 0)]

    def test_repeated_delivery_keeps_its_id(self, receiver: Receiver) -> None:
        sink = receiver.sink(Situation.TAKES_IT)
        report = claimed(number_of_leads=7)
        sink.deliver(report)
        sink.deliver(report.claim(NOW + timedelta(days=1)))
        first, second = receiver.received()
        assert first == second


class FallibleReportSinkContract(ReportSinkContract):
    """Contract of sinks whose receiver may fail; requires the fixture ``receiver``."""

    @pytest.mark.parametrize("situation", Situation)
    def test_every_receiver_response_is_an_outcome(self, receiver: Receiver, situation: Situation) -> None:
        result = receiver.sink(situation).deliver(claimed())
        assert result.outcome is OUTCOMES[situation]

    @pytest.mark.parametrize("situation", Situation)
    def test_failed_attempt_is_not_repeated(self, receiver: Receiver, situation: Situation) -> None:
        receiver.sink(situation).deliver(claimed())
        assert len(receiver.received()) == (0 if situation is Situation.IS_AWAY else 1)

    def test_retry_after_is_returned(self, receiver: Receiver) -> None:
        result = receiver.sink(Situation.IS_OVERLOADED).deliver(claimed())
        assert result.retry_after == RETRY_AFTER

    def test_sink_recovers_after_a_failure(self, receiver: Receiver) -> None:
        receiver.sink(Situation.HANGS_UP).deliver(claimed())
        assert receiver.sink(Situation.TAKES_IT).deliver(claimed()).outcome is Outcome.DELIVERED


def claimed(number_of_leads: int = 3) -> WeeklyReport:
    """Build the report of 2026-W46 with its first attempt open, as sinks receive it."""
    return make_report("2026-W46", number_of_leads).claim(NOW)
