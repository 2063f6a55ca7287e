"""A state machine of weekly reporting: any schedulers, crashes, clocks and weeks, compared with a model.

Each delivery attempt is a separate process that pauses at the receiver until a rule lets the receiver
respond or kills the process; so attempts overlap, outlive their leases and finish late in every order.
"""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from leadtracker.domain.errors import Conflict, InvalidInput, ReportInProgress, WeekNotClosed
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.support.builders import make_fields, make_quarantined_lead
from tests.support.clock import WEEK
from tests.support.examples.strategies import delivery_results
from tests.support.instruments.paused_delivery import PausedDelivery, ProcessKilled
from tests.support.memory.in_memory_app import ADMIN, InMemoryApp
from tests.support.models.report_invariants import ReportInvariants
from tests.support.models.reporting_model import (
    CATCH_UP,
    Model,
    is_leased,
    name_of,
    number_of,
)

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=seconds) for seconds in (1, 60, 3600, 86400))
steps = st.sampled_from(
    [5 * SECOND, 59 * SECOND, 59 * SECOND, MINUTE, 6 * MINUTE, 7 * HOUR, DAY, WEEK, 4 * WEEK]
)
ages = st.sampled_from([0, 0, 0, 1, 1, 2, 5, -1])  # in weeks before the last closed one


class WeeklyReporting(ReportInvariants):
    """Rules of weekly reporting; subclasses choose the store."""

    def open_store(self) -> UnitOfWorkFactory | None:
        """Return the store to use, or None for the in-memory one."""
        return None

    @initialize()
    def begin(self) -> None:
        unit_of_work = self.open_store()
        replaced: dict[str, Any] = {"unit_of_work": unit_of_work} if unit_of_work else {}
        self.app = InMemoryApp(catch_up_weeks=CATCH_UP, **replaced)
        self.model = Model()
        self.sendings = []
        self.seen = {}
        self.leads = self.quarantined = 0
        self.counted = {}

    def teardown(self) -> None:
        for sending in self.in_flight():
            sending.kill()

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
        if page := self.app.manage_quarantine.page(ADMIN, limit=1, after=None).items:
            self.app.manage_quarantine.release(ADMIN, page[0].id)
            self._count_again()

    @rule()
    def undo_an_import(self) -> None:
        if imports := self.app.manage_imports.page(ADMIN, limit=1, after=None).items:
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
        stored = self.understood(requested)
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
        stored = self.understood(week)
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

    @precondition(lambda self: self.in_flight())
    @rule(data=st.data(), result=delivery_results)
    def a_receiver_responds(self, data: st.DataObject, result: DeliveryResult) -> None:
        sending, claimed = self._draw(data)
        before = self.stored(number_of(claimed))
        assert before is not None
        sending.response(result)
        assert sending.error is None
        after = self.stored(number_of(claimed))
        if before.epoch != claimed.epoch:
            assert after == before
            return
        assert after is not None
        assert after.attempts[-1].outcome is result.outcome
        assert after.attempts[:-1] == before.attempts[:-1]

    @precondition(lambda self: self.in_flight())
    @rule(data=st.data())
    def kill_process(self, data: st.DataObject) -> None:
        sending, claimed = self._draw(data)
        before = self.stored(number_of(claimed))
        sending.kill()
        assert isinstance(sending.error, ProcessKilled)
        assert self.stored(number_of(claimed)) == before

    def _count_again(self) -> None:
        self.model.primary_times = [lead.created_at for lead in self.app.leads() if lead.duplicate_of is None]

    def _send(self, act: Callable[[InMemoryApp], object]) -> PausedDelivery:
        sending = PausedDelivery(lambda sink: act(evolve(self.app, sink=sink)))
        if sending.is_in_flight:
            self.sendings.append(sending)
        return sending

    def _draw(self, data: st.DataObject) -> tuple[PausedDelivery, WeeklyReport]:
        on_the_way = self.in_flight()
        sending = on_the_way[data.draw(st.integers(0, len(on_the_way) - 1), label="sending")]
        assert sending.claimed is not None
        return sending, sending.claimed

    def _accept_by_hand(self, requested: int) -> None:
        self.model.seal_by_hand(requested, self.last_closed())
        self.model.is_paused = False
        self.model.last_heartbeat_at = self.now
