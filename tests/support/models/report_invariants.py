"""Invariants that hold after each step of weekly reporting, whatever schedulers, crashes and clocks do."""

from datetime import datetime, timedelta

from hypothesis.stateful import RuleBasedStateMachine, invariant

from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from tests.support.clock import WEEK
from tests.support.instruments.paused_delivery import PausedDelivery
from tests.support.memory.in_memory_app import ADMIN, InMemoryApp
from tests.support.models.reporting_model import (
    WEEK_0,
    Model,
    is_leased,
    name_of,
    number_of,
    start_of,
)

CLOSING_TIME = timedelta(minutes=5)
"""How long after its end a week is closed."""


class ReportInvariants(RuleBasedStateMachine):
    """Check the invariants that hold after each step of weekly reporting."""

    app: InMemoryApp
    model: Model
    sendings: list[PausedDelivery]
    seen: dict[int, WeeklyReport]
    counted: dict[int, list[str]]

    @property
    def now(self) -> datetime:
        return self.app.clock.now()

    def last_closed(self) -> int:
        return (self.now - CLOSING_TIME - WEEK_0) // WEEK - 1

    @invariant()
    def closed_weeks_keep_one_sealed_row(self) -> None:
        rows = [(number_of(row), row.number_of_leads) for row in self.app.reports()]
        assert rows == sorted(self.model.sealed.items())
        assert [number for number, _ in rows] == [rows[0][0] + position for position in range(len(rows))]

    @invariant()
    def every_number_is_explained(self) -> None:
        leads = self.app.leads()
        for row in self.app.reports():
            explanation = self.app.explain_report(ADMIN, row.week.name)
            counted = [lead.id for lead in explanation.counted]
            assert counted == self.counted.setdefault(number_of(row), counted)
            assert len(counted) == row.number_of_leads
            listed = counted + [lead.id for lead in explanation.excluded]
            assert len(listed) == len(set(listed))
            created = [lead for lead in leads if row.week.start <= lead.created_at < row.week.end]
            assert set(listed) >= {lead.id for lead in created}
            assert explanation.difference.today == sum(lead.duplicate_of is None for lead in created)
            assert explanation.difference.added >= 0

    @invariant()
    def sealed_rows_and_attempts_are_immutable(self) -> None:
        for row in self.app.reports():
            number = number_of(row)
            former = self.seen.setdefault(number, row)
            assert row.week.name == name_of(number)
            assert (row.week.start, row.week.end) == (start_of(number), start_of(number + 1))
            assert (row.number_of_leads, row.sealed_at) == (former.number_of_leads, former.sealed_at)
            assert row.epoch > former.epoch or row == former
            closed = [attempt for attempt in former.attempts if attempt.outcome]
            assert list(row.attempts[: len(closed)]) == closed
            self.seen[number] = row

    @invariant()
    def only_too_old_weeks_are_missed(self) -> None:
        for row in self.app.reports():
            is_missed = row.state is ReportState.MISSED
            assert is_missed == (number_of(row) in self.model.missed and not row.attempts)

    @invariant()
    def only_the_last_attempt_is_open(self) -> None:
        for row in self.app.reports():
            outcomes = [attempt.outcome for attempt in row.attempts]
            assert [attempt.number for attempt in row.attempts] == list(range(1, len(outcomes) + 1))
            assert None not in outcomes[:-1]
            assert (row.state is ReportState.SENDING) == (outcomes[-1:] == [None])
            assert (row.leased_until is not None) == (row.state is ReportState.SENDING)

    @invariant()
    def delivered_reports_have_delivered_attempts(self) -> None:
        for row in self.app.reports():
            if row.state is not ReportState.SENDING:
                delivered = Outcome.DELIVERED in {attempt.outcome for attempt in row.attempts}
                assert (row.state is ReportState.DELIVERED) == delivered

    @invariant()
    def one_process_sends_a_week_at_a_time(self) -> None:
        live = [
            claimed.week.name
            for sending in self.in_flight()
            if (claimed := sending.claimed) and is_leased(claimed, self.now)
        ]
        assert len(live) == len(set(live))

    @invariant()
    def posts_of_a_week_are_identical(self) -> None:
        for sending in self.sendings:
            assert sending.claimed is not None
            number = number_of(sending.claimed)
            assert sending.claimed.number_of_leads == self.model.sealed[number]
            assert sending.claimed.webhook_id == f"lt-week-{name_of(number)}"

    def in_flight(self) -> list[PausedDelivery]:
        return [sending for sending in self.sendings if sending.is_in_flight]

    def stored(self, number: int) -> WeeklyReport | None:
        return next((row for row in self.app.reports() if number_of(row) == number), None)

    def understood(self, number: int) -> WeeklyReport | None:
        stored = self.stored(number)
        return stored and stored.with_expired_lease_closed(self.now)
