"""Retention in memory: whom it erases, whom it keeps, and what it shows beforehand."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from leadtracker.domain.errors import LeadOnHold, PermissionDenied
from leadtracker.domain.model.accounts.access import RETENTION
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditFilter
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.use_cases.leads import retention
from leadtracker.domain.use_cases.leads.retention import StateRetention
from tests.support.clock import DAY, at
from tests.support.examples.thoroughness import examples
from tests.support.memory.in_memory_app import ADMIN, AGENT, InMemoryApp

MONTH = timedelta(days=31)
HOLD = {"reason": "lawsuit"}


@pytest.fixture
def app() -> InMemoryApp:
    """An installation whose scheduler runs, and keeps lost leads for a month, new ones for two."""
    app = InMemoryApp(retention="LOST=1,PENDING=2")
    app.seal_weeks()
    return app


def advance(app: InMemoryApp, step: timedelta) -> None:
    """Let a scheduler run for a time."""
    end = app.clock.now() + step
    while app.clock.now() < end:
        app.clock.advance(min(20 * DAY, end - app.clock.now()))
        app.seal_weeks()


def lose(app: InMemoryApp, address: str) -> Lead:
    [lead] = app.receive(address)
    return app.update_lead(AGENT, lead.id, {"state": "LOST"})


def ids(app: InMemoryApp) -> set[str]:
    return {lead.id for lead in app.leads()}


def test_due_person_is_erased_by_state(app: InMemoryApp) -> None:
    lost, [new, contacted] = lose(app, "a@example.com"), app.receive("b@example.com", "c@example.com")
    app.update_lead(AGENT, contacted.id, {"state": "REACHED_OUT"})
    advance(app, MONTH - 2 * DAY)
    assert list(app.enforce_retention()) == []
    advance(app, 3 * DAY)
    assert list(app.enforce_retention()) == [lost.id]
    advance(app, 2 * MONTH)
    assert list(app.enforce_retention()) == [new.id]
    assert ids(app) == {contacted.id}


def test_repeat_enquiries_are_activity_and_go_with_their_lead(app: InMemoryApp) -> None:
    [first] = app.receive("a@example.com")
    advance(app, 2 * MONTH - 10 * DAY)
    app.receive("a@example.com")
    advance(app, 20 * DAY)
    assert list(app.enforce_retention()) == []
    advance(app, 2 * MONTH)
    assert list(app.enforce_retention()) == [first.id]
    assert ids(app) == set()


@pytest.mark.parametrize("number", [60, 130])
def test_persons_with_many_enquiries_are_erased_in_batches(app: InMemoryApp, number: int) -> None:
    app.receive(*["a@example.com"] * number)
    advance(app, 3 * MONTH)
    assert len(list(app.enforce_retention())) == 1
    assert ids(app) == set()
    with app.unit_of_work.read_only() as tx:
        entries = tx.audit_log.page(AuditFilter(action=AuditAction.PERSON_ERASED), limit=9)
    assert {entry.record.actor for entry in entries} == {RETENTION.name}
    assert len({entry.record.subject for entry in entries}) == 1


def test_held_persons_are_kept_and_due_once_the_hold_is_cleared(app: InMemoryApp) -> None:
    held = lose(app, "a@example.com")
    app.hold_lead.set(AGENT, held.id, HOLD)
    advance(app, 3 * MONTH)
    assert list(app.enforce_retention()) == []
    with pytest.raises(LeadOnHold):
        app.erase_lead(ADMIN, held.id)
    app.hold_lead.clear(AGENT, held.id)  # which is no activity
    assert list(app.enforce_retention()) == [held.id]


def test_activity_since_the_search_keeps_a_lead(app: InMemoryApp) -> None:
    first, second = lose(app, "a@example.com"), lose(app, "b@example.com")
    advance(app, 3 * MONTH)
    erased = app.enforce_retention()
    assert next(erased) == first.id
    app.add_note(AGENT, second.id, {"note": "Called."})
    assert list(erased) == []
    assert ids(app) == {second.id}


def test_nothing_is_erased_without_a_heartbeat_or_after_a_clock_jump(app: InMemoryApp) -> None:
    lost = lose(app, "a@example.com")
    never_run = InMemoryApp(retention="LOST=1", store=app.store, clock=app.clock)
    app.clock.advance(3 * MONTH)
    assert list(never_run.enforce_retention()) == []
    app.seal_weeks()
    assert app.preview_retention.is_paused()
    assert list(app.enforce_retention()) == []
    app.schedule_report(ADMIN, None)  # an operator confirms the clock
    assert list(app.enforce_retention()) == [lost.id]
    assert list(InMemoryApp(retention="LOST=1").enforce_retention()) == []


def test_retention_is_off_by_default() -> None:
    app = InMemoryApp()
    app.seal_weeks()
    lose(app, "a@example.com")
    advance(app, 100 * MONTH)
    assert list(app.enforce_retention()) == []
    assert app.preview_retention.counts(ADMIN) == []
    assert list(app.preview_retention.all(ADMIN)) == []


def test_preview_shows_who_is_due_now_and_soon(app: InMemoryApp) -> None:
    lost = [lose(app, f"{number}@example.com") for number in range(120)]
    advance(app, 10 * DAY)
    soon = lose(app, "soon@example.com")
    advance(app, MONTH - 8 * DAY)
    counts = app.preview_retention.counts(ADMIN)
    assert counts == [StateRetention(LeadState.LOST, 1, 120, 1), StateRetention(LeadState.PENDING, 2, 0, 0)]
    due = list(app.preview_retention.all(ADMIN))
    assert {one.lead.id for one in due} == {*(lead.id for lead in lost), soon.id}
    now = app.clock.now()
    assert {one.lead.id for one in due if one.due_at <= now} == {lead.id for lead in lost}
    assert {one.lead.id for one in due if one.due_at <= now} == set(app.enforce_retention())


def test_counts_stop_at_a_limit(app: InMemoryApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MAX_COUNTED", 3)
    for number in range(4):
        lose(app, f"{number}@example.com")
    advance(app, 2 * MONTH)
    assert app.preview_retention.counts(ADMIN)[0] == StateRetention(LeadState.LOST, 1, 3, None)


def test_only_those_who_may_erase_see_the_preview(app: InMemoryApp) -> None:
    with pytest.raises(PermissionDenied):
        app.preview_retention.counts(AGENT)
    with pytest.raises(PermissionDenied):
        list(app.preview_retention.all(AGENT))


class RetentionMachine(RuleBasedStateMachine):
    """Erases at random times, and compares with a model that knows each person's last activity by days."""

    def __init__(self) -> None:
        super().__init__()
        self.app = InMemoryApp(retention="LOST=1,PENDING=2")
        self.app.clock.set(at("2026-01-01T12:00:00Z"))
        self.app.seal_weeks()
        self.numbers = 0

    def primary(self, index: int) -> Lead:
        leads = [lead for lead in self.app.leads() if lead.duplicate_of is None]
        return leads[index % len(leads)]

    @rule()
    def receive(self) -> None:
        self.numbers += 1
        self.app.receive(f"{self.numbers}@example.com")

    @rule(index=st.integers(0, 9), act=st.sampled_from(["lose", "note", "again", "hold", "clear", "plan"]))
    @precondition(lambda self: self.app.leads())
    def touch(self, index: int, act: str) -> None:
        lead = self.primary(index)
        if act == "lose" and lead.state is LeadState.PENDING:
            self.app.update_lead(AGENT, lead.id, {"state": "LOST"})
        elif act == "note":
            self.app.add_note(AGENT, lead.id, {"note": "Called."})
        elif act == "again":
            self.app.receive(lead.identity)
        elif act == "hold":
            self.app.hold_lead.set(AGENT, lead.id, HOLD)
        elif act == "clear":
            self.app.hold_lead.clear(AGENT, lead.id)
        elif act == "plan":
            due_at = (self.app.clock.now() + 40 * DAY).isoformat()
            self.app.record_follow_up(AGENT, lead.id, {"due_at": due_at})

    @rule(days=st.integers(1, 34))
    def wait(self, days: int) -> None:
        advance(self.app, days * DAY)

    @rule()
    def erase(self) -> None:
        now = self.app.clock.now()
        due = {
            lead.id
            for lead in self.app.leads()
            if lead.duplicate_of is None and not self.is_on_hold(lead) and self.is_due(lead)
        }
        announced = {one.lead.id for one in self.app.preview_retention.all(ADMIN) if one.due_at <= now}
        assert announced == due
        assert set(self.app.enforce_retention()) == due
        assert not ids(self.app) & due

    @invariant()
    def no_duplicate_is_left_without_its_lead(self) -> None:
        leads = self.app.leads()
        assert {lead.duplicate_of for lead in leads} - {None} <= {lead.id for lead in leads}

    def is_on_hold(self, lead: Lead) -> bool:
        return any(lead.id in {one.id, one.duplicate_of} and one.hold for one in self.app.leads())

    def is_due(self, lead: Lead) -> bool:
        """Count days by hand: a month of the same day, or its last one."""
        with self.app.unit_of_work.read_only() as tx:
            last = tx.activity.last(lead.id)
        assert last is not None
        months = {LeadState.LOST: 1, LeadState.PENDING: 2}.get(lead.state)
        if months is None:
            return False
        day = last.date()
        ends = [day.replace(day=1) + timedelta(days=31 * months + 3)]
        target = ends[0].replace(day=1)
        following = (target + timedelta(days=32)).replace(day=1)
        last_kept = min(target + timedelta(days=day.day - 1), following - DAY)
        return self.app.clock.now().date() > last_kept


TestRetention = RetentionMachine.TestCase
TestRetention.settings = settings(max_examples=examples(60), stateful_step_count=25, deadline=None)
