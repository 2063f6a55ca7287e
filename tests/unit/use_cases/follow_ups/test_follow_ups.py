"""Planned, completed and listed follow-ups, in memory."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from leadtracker.domain.errors import InvalidInput, VersionConflict
from leadtracker.domain.model.leads.follow_up import FollowUp, FollowUpStatus
from leadtracker.domain.model.leads.history import Action, Change
from leadtracker.domain.model.leads.lifecycle import LeadState
from tests.support.clock import DAY, NOW
from tests.support.memory.in_memory_app import AGENT, VIEWER, InMemoryApp

TOMORROW, LATER = NOW + DAY, NOW + 30 * DAY


@pytest.fixture
def lead_id(app: InMemoryApp) -> str:
    (lead,) = app.receive("ann@example.com")
    return lead.id


def listed(app: InMemoryApp, status: FollowUpStatus | None = None) -> list[FollowUp]:
    return list(app.find_follow_ups(VIEWER, status, limit=200, after=None).items)


def test_planned_follow_up_is_recorded(app: InMemoryApp, lead_id: str) -> None:
    planned = app.record_follow_up(AGENT, lead_id, {"due_at": TOMORROW.isoformat(), "note": "Ask again"})
    lead = app.get_lead(VIEWER, lead_id)
    assert (planned.due_at, planned.note, planned.done_at) == (TOMORROW, "Ask again", None)
    assert (lead.follow_up_at, lead.version) == (TOMORROW, 2)
    recorded = app.read_history(VIEWER, lead_id)[-1]
    assert recorded.changes == (Change("follow_up_at", None, "2026-11-19T12:00:00.000000Z"),)
    assert recorded.note == "Ask again"


def test_new_plan_replaces_the_old_one(app: InMemoryApp, lead_id: str) -> None:
    app.record_follow_up(AGENT, lead_id, {"due_at": TOMORROW.isoformat()})
    later = app.record_follow_up(AGENT, lead_id, {"due_at": LATER.isoformat()})
    assert listed(app) == [later]
    assert app.get_lead(VIEWER, lead_id).follow_up_at == LATER


@pytest.mark.parametrize("fields", [{}, {"note": "called"}, {"message": "Hello!"}])
def test_done_follow_up_completes_plan(app: InMemoryApp, lead_id: str, fields: dict[str, object]) -> None:
    planned = app.record_follow_up(AGENT, lead_id, {"due_at": TOMORROW.isoformat(), "note": "plan"})
    app.clock.advance(timedelta(hours=1))
    done = app.record_follow_up(AGENT, lead_id, fields)
    assert (done.id, done.due_at, done.done_at) == (planned.id, TOMORROW, NOW + timedelta(hours=1))
    assert (listed(app), listed(app, FollowUpStatus.DONE)) == ([], [done])
    assert app.get_lead(VIEWER, lead_id).follow_up_at is None


def test_unplanned_follow_up_is_recorded(app: InMemoryApp, lead_id: str) -> None:
    done = app.record_follow_up(AGENT, lead_id, {})
    assert (done.due_at, done.done_at, done.created_by) == (None, NOW, AGENT.name)
    lead = app.get_lead(VIEWER, lead_id)
    assert (lead.version, lead.state, lead.contacted_at) == (2, LeadState.REACHED_OUT, NOW)
    _, follow_up, state_changed = app.read_history(VIEWER, lead_id)
    assert (follow_up.action, state_changed.action) == (Action.FOLLOW_UP, Action.STATE_CHANGED)
    assert state_changed.note == "A follow-up was done."


def test_follow_up_plan_is_no_contact(app: InMemoryApp, lead_id: str) -> None:
    app.record_follow_up(AGENT, lead_id, {"due_at": TOMORROW.isoformat()})
    assert app.get_lead(VIEWER, lead_id).state is LeadState.PENDING


@pytest.mark.parametrize("state", [LeadState.CONVERTED, LeadState.LOST])
def test_contact_keeps_a_later_state(app: InMemoryApp, lead_id: str, state: LeadState) -> None:
    for next_state in (LeadState.REACHED_OUT, state):
        app.update_lead(AGENT, lead_id, {"state": next_state})
    app.record_follow_up(AGENT, lead_id, {"message": "Hello!"})
    assert app.get_lead(VIEWER, lead_id).state is state


def test_message_and_plan_are_two_follow_ups(app: InMemoryApp, lead_id: str) -> None:
    fields = {"due_at": TOMORROW.isoformat(), "message": "Hello!", "note": "did she answer?"}
    planned = app.record_follow_up(AGENT, lead_id, fields)
    [done] = listed(app, FollowUpStatus.DONE)
    assert (planned.due_at, planned.message, planned.note) == (TOMORROW, None, "did she answer?")
    assert (done.message, done.note, done.done_at) == ("Hello!", None, NOW)
    assert listed(app) == [planned]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"due_at": "tomorrow"}, ["due_at"]),
        ({"due_at": 5}, ["due_at"]),
        ({"due_at": "2026-11-19T12:00:00"}, ["due_at"]),
        ({"due_at": "9999-12-31T23:59:59.999999Z"}, ["due_at"]),
        ({"note": "x" * 5_001, "message": ["a"], "when": "now"}, ["message", "note", "when"]),
    ],
)
def test_invalid_fields_record_nothing(
    app: InMemoryApp, lead_id: str, fields: dict[str, object], named: list[str]
) -> None:
    with pytest.raises(InvalidInput) as raised:
        app.record_follow_up(AGENT, lead_id, fields)
    assert sorted(error.field for error in raised.value.errors) == named
    assert len(app.read_history(VIEWER, lead_id)) == 1


def test_status_filters_use_business_days(app: InMemoryApp) -> None:
    app.zone = ZoneInfo("Pacific/Auckland")  # where it is one in the night of the 19th
    due = {"a": NOW - DAY, "b": NOW - timedelta(minutes=30), "c": NOW + timedelta(hours=22), "d": TOMORROW}
    for name, at in due.items():
        (lead,) = app.receive(f"{name}@example.com")
        app.record_follow_up(AGENT, lead.id, {"due_at": at.isoformat(), "note": name})
    names = {status: [one.note for one in listed(app, status)] for status in FollowUpStatus}
    assert names == {"overdue": ["a", "b"], "due": ["b", "c"], "planned": ["c", "d"], "done": []}
    assert [one.note for one in listed(app)] == ["a", "b", "c", "d"]


def test_pages_follow_each_other(app: InMemoryApp) -> None:
    for lead in app.receive(*(f"p{number}@example.com" for number in range(5))):
        app.record_follow_up(AGENT, lead.id, {"due_at": TOMORROW.isoformat()})
    first = app.find_follow_ups(VIEWER, None, limit=3, after=None)
    second = app.find_follow_ups(VIEWER, None, limit=3, after=first.next)
    assert [*first.items, *second.items] == listed(app)
    assert (len(first.items), second.next) == (3, None)


def test_stale_version_records_nothing(app: InMemoryApp, lead_id: str) -> None:
    fields = {"due_at": TOMORROW.isoformat(), "message": "Hello"}
    with pytest.raises(VersionConflict):
        app.record_follow_up(AGENT, lead_id, fields, {2})
    assert app.get_lead(VIEWER, lead_id).version == 1
    assert listed(app) == []
    assert app.record_follow_up(AGENT, lead_id, fields, {1}).due_at == TOMORROW
