"""A state machine of weekly reporting: any schedulers, crashes, clocks and weeks, compared with a model.

Each delivery attempt is a separate process that pauses at the receiver until a rule lets the receiver
respond or kills the process; so attempts overlap, outlive their leases and finish late in every order.
"""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from leadtracker.domain.errors import Conflict, InvalidInput, ReportInProgress, WeekNotClosed
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.support.builders import make_fields, make_quarantined_lead
from tests.support.clock import WEEK
from tests.support.examples.strategies import delivery_results
from tests.support.instruments.paused_delivery import PausedDelivery, ProcessKilled
from tests.support.memory.in_memory_app import ADMIN, InMemoryApp
from tests.support.models.reporting_model import (
    CATCH_UP,
    WEEK_0,
    Model,
    is_leased,
    name_of,
    number_of,
    start_of,
)

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=seconds) for seconds in (1, 60, 3600, 86400))
steps = st.sampled_from(
    [5 * SECOND, 59 * SECOND, 59 * SECOND, MINUTE, 6 * MINUTE, 7 * HOUR, DAY, WEEK, 4 * WEEK]
)
ages = st.sampled_from([0, 0, 0, 1, 1, 2, 5, -1])  # in weeks before the last closed one


class WeeklyReporting(RuleBasedStateMachine):
    """Rules and invariants of weekly reporting; subclasses choose the store."""

    def open_store(self) -> UnitOfWorkFactory | None:
        """Return the store to use, or None for the in-memory one."""
        return None

    @initialize()
    def begin(self) -> None:
        unit_of_work = self.open_store()
        replaced: dict[str, Any] = {"unit_of_work": unit_of_work} if unit_of_work else {}
        self.app = InMemoryApp(catch_up_weeks=CATCH_UP, **replaced)
        self.model = Model()
        self.sendings: list[PausedDelivery] = []
        self.seen: dict[int, WeeklyReport] = {}
        self.leads = self.quarantined = 0
        self.counted: dict[int, list[str]] = {}

    def teardown(self) -> None:
        for sending in self._in_flight():
            sending.kill()

    @property
    def now(self) -> datetime:
        return self.app.clock.now()

    def last_closed(self) -> int:
        return (self.now - 5 * MINUTE - WEEK_0) // WEEK - 1

    @rule(step=steps)
    def advance_clock(self, step: timedelta) -> None:
        self.app.clock.advance(step)

    @rule()
    def jump_clock(self) -> None:
        self.app.clock.advance(36 * DAY)

    @rule(new=st.integers(0, 3), known=st.booleans())
    def capture_leads(self, *, new: int, known: bool) -> None:
        for _ in range(new):
            self.leads += 1
            self.app.receive(f"p{self.leads}@example.com")
        if known and self.leads:
            self.app.receive("P1@example.com")
        self._count_again()

    @rule(age=st.integers(0, 30))
    def import_older_lead(self, age: int) -> None:
        self.leads += 1
        created_at = self.now - age * DAY
        fields = make_fields(f"p{self.leads}@example.com", created_at=created_at.isoformat())
        list(self.app.import_leads(ADMIN, [ImportRow(2, fields)]))
        self._count_again()

    @rule(data=st.data())
    def erase_a_lead(self, data: st.DataObject) -> None:
        if leads := self.app.leads():
            lead = data.draw(st.sampled_from([lead.id for lead in leads]), label="erased")
            self.app.erase_lead(ADMIN, lead)
            self._count_again()

    @rule(data=st.data())
    def change_an_address(self, data: st.DataObject) -> None:
        """Make a lead a duplicate of another, or independent again."""
        if leads := self.app.leads():
            lead = data.draw(st.sampled_from([lead.id for lead in leads]), label="changed")
            duplicate_of = data.draw(st.sampled_from([None, *(one.id for one in leads)]), label="primary")
            with contextlib.suppress(Conflict, InvalidInput):
                self.app.update_lead(ADMIN, lead, {"duplicate_of": duplicate_of})
            self._count_again()

    @rule(address=st.integers(1, 3))
    def quarantine_a_lead(self, address: int) -> None:
        self.quarantined += 1
        spam = make_quarantined_lead(
            f"spam-{self.quarantined}", f"p{address}@example.com", created_at=self.now
        )
        with self.app.unit_of_work() as tx:
            tx.quarantine.add(spam, [])
            tx.commit()

    @rule()
    def release_a_lead(self) -> None:
        if page := self.app.manage_quarantine.page(ADMIN, limit=1, after=None).entries:
            self.app.manage_quarantine.release(ADMIN, page[0].id)
            self._count_again()

    @rule()
    def undo_an_import(self) -> None:
        if imports := self.app.manage_imports.page(ADMIN, limit=1, after=None).imports:
            self.app.manage_imports.undo(ADMIN, imports[0].id)
            self._count_again()

    @rule()
    def seal_as_scheduler(self) -> None:
        self.model.record(self.now)
        if not self.model.is_paused:
            self.model.seal_up_to(self.last_closed())
        sealing = self.app.seal_weeks()
        assert sealing.heartbeat.is_paused == self.model.is_paused

    @rule()
    def send_as_scheduler(self) -> None:
        due = [report for report in self.app.reports() if report.is_due(self.now)]
        sending = self._send(lambda app: next(iter(app.send_due_reports()), None))
        assert (sending.claimed and sending.claimed.week) == (due[0].week if due else None)
        assert sending.error is None

    @rule(age=ages, again=st.booleans())
    def send_as_user(self, *, age: int, again: bool) -> None:
        requested = self.last_closed() - age
        stored = self._understood(requested)
        sending = self._send(lambda app: app.send_report_now(ADMIN, name_of(requested), again=again))
        if age < 0:
            assert isinstance(sending.error, WeekNotClosed)
            return
        self._accept_by_hand(requested)
        is_busy = stored is not None and is_leased(stored, self.now)
        is_done = stored is not None and stored.state is ReportState.DELIVERED and not again
        assert isinstance(sending.error, ReportInProgress) == is_busy
        assert (sending.claimed is None) == (is_busy or is_done)

    @rule(age=ages, again=st.booleans())
    def schedule_as_user(self, *, age: int, again: bool) -> None:
        week = self.last_closed() - age
        stored = self._understood(week)
        is_busy = stored is not None and is_leased(stored, self.now)
        try:
            requested = self.app.schedule_report(ADMIN, name_of(week), again=again)
        except WeekNotClosed:
            assert age < 0
        except ReportInProgress:
            assert is_busy
        else:
            assert age >= 0
            assert not is_busy
            self._accept_by_hand(week)
            is_done = stored is not None and stored.state is ReportState.DELIVERED and not again
            assert requested == stored if is_done else requested.is_due(self.now)

    @precondition(lambda self: self._in_flight())
    @rule(data=st.data(), result=delivery_results)
    def a_receiver_responds(self, data: st.DataObject, result: DeliveryResult) -> None:
        sending, claimed = self._draw(data)
        before = self._stored(number_of(claimed))
        assert before is not None
        sending.response(result)
        assert sending.error is None
        after = self._stored(number_of(claimed))
        if before.epoch != claimed.epoch:
            assert after == before
            return
        assert after is not None
        assert after.attempts[-1].outcome is result.outcome
        assert after.attempts[:-1] == before.attempts[:-1]

    @precondition(lambda self: self._in_flight())
    @rule(data=st.data())
    def kill_process(self, data: st.DataObject) -> None:
        sending, claimed = self._draw(data)
        before = self._stored(number_of(claimed))
        sending.kill()
        assert isinstance(sending.error, ProcessKilled)
        assert self._stored(number_of(claimed)) == before

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
            for sending in self._in_flight()
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

    def _count_again(self) -> None:
        self.model.firsts = [lead.created_at for lead in self.app.leads() if lead.duplicate_of is None]

    def _send(self, act: Callable[[InMemoryApp], object]) -> PausedDelivery:
        sending = PausedDelivery(lambda sink: act(evolve(self.app, sink=sink)))
        if sending.is_in_flight:
            self.sendings.append(sending)
        return sending

    def _in_flight(self) -> list[PausedDelivery]:
        return [sending for sending in self.sendings if sending.is_in_flight]

    def _draw(self, data: st.DataObject) -> tuple[PausedDelivery, WeeklyReport]:
        on_the_way = self._in_flight()
        sending = on_the_way[data.draw(st.integers(0, len(on_the_way) - 1), label="sending")]
        assert sending.claimed is not None
        return sending, sending.claimed

    def _stored(self, number: int) -> WeeklyReport | None:
        return next((row for row in self.app.reports() if number_of(row) == number), None)

    def _understood(self, number: int) -> WeeklyReport | None:
        stored = self._stored(number)
        return stored and stored.with_expired_lease_closed(self.now)

    def _accept_by_hand(self, requested: int) -> None:
        self.model.seal_by_hand(requested, self.last_closed())
        self.model.is_paused = False
        self.model.last_heartbeat_at = self.now
