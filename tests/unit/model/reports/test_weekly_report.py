"""A weekly report's life: sealed, claimed, settled, tried again, given up, delivered."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import LEASE, Attempt, DeliveryResult, Outcome
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from tests.support.builders import make_report
from tests.support.clock import MICROSECOND, NOW
from tests.support.examples.strategies import delivery_results, fractions

SECOND, MINUTE, HOUR = (timedelta(seconds=seconds) for seconds in (1, 60, 3600))
LATER = NOW + 10 * SECOND
WHY = AttemptDetail(DetailCode.HTTP_ANSWERED, host="example.com")


def result(outcome: Outcome, retry_after: timedelta | None = None) -> DeliveryResult:
    return DeliveryResult(outcome=outcome, status=200, detail=WHY, retry_after=retry_after)


def attempted(*outcomes: Outcome, report: WeeklyReport | None = None) -> WeeklyReport:
    """A report after attempts with these outcomes, each begun at NOW and finished at LATER."""
    report = report or make_report()
    for outcome in outcomes:
        report = report.claim(NOW).record_result(result(outcome), LATER, 0.5)
    return report


def test_sealed_week_is_due_at_once() -> None:
    report = make_report(number_of_leads=7)
    assert (report.state, report.number_of_leads, report.epoch) == (ReportState.PLANNED, 7, 0)
    assert not report.is_due(NOW - MICROSECOND)
    assert report.is_due(NOW)


def test_missed_week_is_never_due() -> None:
    report = make_report(missed=True)
    assert report.state is ReportState.MISSED
    assert not report.is_due(NOW + timedelta(days=1000))


def test_claim_opens_attempt_with_lease() -> None:
    claimed = make_report().claim(NOW)
    assert claimed.state is ReportState.SENDING
    assert claimed.attempts == (Attempt(number=1, started_at=NOW),)
    assert claimed.is_leased(NOW + LEASE - MICROSECOND)
    assert not claimed.is_leased(NOW + LEASE)
    assert not claimed.is_due(NOW + LEASE - MICROSECOND)


def test_finished_attempt_keeps_result() -> None:
    (attempt,) = attempted(Outcome.DELIVERED).attempts
    assert attempt == Attempt(
        number=1,
        started_at=NOW,
        finished_at=LATER,
        outcome=Outcome.DELIVERED,
        status=200,
        detail=WHY,
    )


@pytest.mark.parametrize(
    ("outcome", "state", "wait"),
    [
        (Outcome.DELIVERED, ReportState.DELIVERED, None),
        (Outcome.NOT_SENT, ReportState.PLANNED, 5 * SECOND),
        (Outcome.RETRY, ReportState.PLANNED, 5 * SECOND),
        (Outcome.REJECTED, ReportState.PLANNED, 6 * HOUR),
        (Outcome.UNKNOWN, ReportState.UNKNOWN, 5 * SECOND),
    ],
)
def test_outcome_determines_next_state(outcome: Outcome, state: ReportState, wait: timedelta | None) -> None:
    report = attempted(outcome)
    assert (report.state, report.leased_until) == (state, None)
    assert report.due_at == (None if wait is None else LATER + wait)


@pytest.mark.parametrize(
    ("requested", "wait"),
    [(0, 1), (-9, 1), (120, 120), (24 * 3600, 24 * 3600), (24 * 3600 + 1, 24 * 3600)],
)
def test_retry_after_is_bounded(requested: int, wait: int) -> None:
    asks = result(Outcome.RETRY, retry_after=requested * SECOND)
    report = make_report().claim(NOW).record_result(asks, LATER, 0.5)
    assert report.due_at == LATER + wait * SECOND


@pytest.mark.parametrize("outcome", [Outcome.NOT_SENT, Outcome.UNKNOWN, Outcome.REJECTED])
def test_retry_after_needs_a_retryable_outcome(outcome: Outcome) -> None:
    odd = result(outcome, retry_after=HOUR)
    report = make_report().claim(NOW).record_result(odd, LATER, 0.5)
    assert report.due_at == attempted(outcome).due_at != LATER + HOUR


@pytest.mark.parametrize("outcome", [Outcome.NOT_SENT, Outcome.RETRY, Outcome.UNKNOWN])
def test_tenth_failure_is_final(outcome: Outcome) -> None:
    assert attempted(*[outcome] * 9).due_at is not None
    report = attempted(*[outcome] * 10)
    assert (report.state, report.due_at) == (ReportState.FAILED, None)
    asks = result(Outcome.RETRY, retry_after=HOUR)
    assert attempted(*[outcome] * 9).claim(NOW).record_result(asks, LATER, 0.5).state is ReportState.FAILED


def test_rejections_are_retried_without_limit() -> None:
    report = attempted(*[Outcome.REJECTED] * 40)
    assert (report.state, report.due_at) == (ReportState.PLANNED, LATER + 6 * HOUR)
    assert attempted(Outcome.NOT_SENT, report=report).due_at == LATER + 5 * SECOND


def test_possible_delivery_stays_unknown() -> None:
    report = attempted(Outcome.UNKNOWN, Outcome.NOT_SENT, Outcome.REJECTED)
    assert report.state is ReportState.UNKNOWN
    assert attempted(Outcome.DELIVERED, report=report).state is ReportState.DELIVERED


@pytest.mark.parametrize(
    ("outcomes", "twice"),
    [
        ([], False),
        ([Outcome.UNKNOWN], False),
        ([Outcome.DELIVERED], False),
        ([Outcome.NOT_SENT, Outcome.DELIVERED], False),
        ([Outcome.UNKNOWN, Outcome.DELIVERED], True),
        ([Outcome.UNKNOWN, Outcome.NOT_SENT, Outcome.REJECTED], True),
    ],
)
def test_retry_after_unknown_may_duplicate(outcomes: list[Outcome], *, twice: bool) -> None:
    assert attempted(*outcomes).may_have_arrived_twice is twice


def test_expired_lease_counts_as_crash() -> None:
    claimed = make_report().claim(NOW)
    assert claimed.with_expired_lease_closed(NOW + LEASE - MICROSECOND) == claimed
    crashed = claimed.with_expired_lease_closed(NOW + LEASE)
    assert (crashed.state, crashed.leased_until) == (ReportState.UNKNOWN, None)
    assert crashed.due_at == NOW + 5 * SECOND
    (attempt,) = crashed.attempts
    assert (attempt.outcome, attempt.finished_at) == (Outcome.UNKNOWN, None)
    assert crashed.epoch == claimed.epoch


def test_crash_backoff_starts_with_its_attempt() -> None:
    crashed = attempted(Outcome.NOT_SENT).claim(LATER).with_expired_lease_closed(LATER + LEASE)
    assert crashed.due_at == LATER + 5 * MINUTE


def test_next_claim_closes_a_crashed_attempt() -> None:
    reclaimed = make_report().claim(NOW).claim(NOW + LEASE)
    assert [attempt.outcome for attempt in reclaimed.attempts] == [Outcome.UNKNOWN, None]
    assert [attempt.number for attempt in reclaimed.attempts] == [1, 2]


def test_ten_crashes_are_final() -> None:
    report = make_report()
    for _ in range(10):
        report = report.claim(NOW)
        report = report.with_expired_lease_closed(NOW + LEASE)
    assert (report.state, report.due_at) == (ReportState.FAILED, None)


def test_request_makes_a_report_due_now() -> None:
    for report in (
        make_report(),
        make_report(missed=True),
        attempted(Outcome.REJECTED),
        attempted(*[Outcome.NOT_SENT] * 10),
    ):
        requested = report.request(LATER, again=False)
        assert requested.is_due(LATER)
        assert requested == evolve(report, due_at=LATER, epoch=report.epoch + 1)


def test_delivered_report_needs_the_again_flag() -> None:
    delivered = attempted(Outcome.DELIVERED)
    assert delivered.request(LATER, again=False) is delivered
    assert delivered.request(LATER, again=True).is_due(LATER)


@pytest.mark.parametrize("outcome", Outcome)
def test_delivered_report_stays_delivered(outcome: Outcome) -> None:
    again = attempted(Outcome.DELIVERED).request(LATER, again=True)
    report = attempted(outcome, report=again)
    assert (report.state, report.due_at) == (ReportState.DELIVERED, None)
    assert len(report.attempts) == 2


@given(st.lists(st.tuples(delivery_results, fractions, st.timedeltas(timedelta(0), 9 * HOUR))))
def test_steps_count_and_keep_sealed_values(
    steps: list[tuple[DeliveryResult, float, timedelta]],
) -> None:
    sealed = report = make_report()
    now = NOW
    for position, (outcome, fraction, wait) in enumerate(steps, start=1):
        former = report
        report = report.claim(now)
        now += wait
        report = report.record_result(outcome, now, fraction)
        assert report.attempts[:-1] == former.attempts
        assert report.epoch == 2 * position
        assert (report.due_at is None) == (report.state in {"delivered", "failed"})
        assert report.due_at is None or report.due_at > now
    assert report.week == sealed.week
    assert (report.number_of_leads, report.sealed_at) == (sealed.number_of_leads, sealed.sealed_at)
    assert report.webhook_id == sealed.webhook_id == "lt-week-2026-W46"
    delivered = any(outcome.outcome is Outcome.DELIVERED for outcome, _, _ in steps)
    assert (report.state is ReportState.DELIVERED) == delivered
