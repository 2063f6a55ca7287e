"""Changing, moving, noting, erasing and handing out leads, in memory; the state machine does the rest."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from leadtracker.domain.errors import (
    DuplicateLead,
    IllegalTransition,
    InvalidInput,
    LeadNotFound,
    LeadTrackerError,
    PermissionDenied,
    VersionConflict,
)
from leadtracker.domain.model.accounts.access import PUBLIC, Actor, Permission
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lifecycle import LeadState
from tests.support.clock import NOW
from tests.support.memory.in_memory_app import ADMIN, AGENT, VIEWER, InMemoryApp
from tests.support.memory.unit_of_work import MemoryUnitOfWork

Act = Callable[[InMemoryApp, Actor, str], object]

ACTS: dict[str, tuple[Act, Permission]] = {
    "change": (lambda app, actor, lead: app.update_lead(actor, lead, {"source": "ad"}), Permission.LEAD_EDIT),
    "note": (lambda app, actor, lead: app.add_note(actor, lead, {"note": "Hi"}), Permission.LEAD_EDIT),
    "follow up": (lambda app, actor, lead: app.record_follow_up(actor, lead, {}), Permission.LEAD_EDIT),
    "read history": (lambda app, actor, lead: app.read_history(actor, lead), Permission.LEAD_READ),
    "erase": (lambda app, actor, lead: app.erase_lead(actor, lead), Permission.LEAD_ERASE),
    "hand out": (lambda app, actor, lead: app.export_personal_data(actor, lead), Permission.LEAD_EXPORT),
}
every_act = pytest.mark.parametrize(("act", "permission"), ACTS.values(), ids=ACTS.keys())


@every_act
@pytest.mark.parametrize("actor", [PUBLIC, VIEWER, AGENT, ADMIN], ids=lambda actor: actor.name)
def test_lead_permissions_are_required(
    app: InMemoryApp, act: Act, permission: Permission, actor: Actor
) -> None:
    (lead,) = app.receive("ann@example.com")
    if actor.may(permission):
        act(app, actor, lead.id)
        return
    with pytest.raises(PermissionDenied) as raised:
        act(app, actor, lead.id)
    assert raised.value.permission == permission
    assert app.leads() == [lead]
    assert [entry.action for entry in app.read_history(ADMIN, lead.id)] == [Action.CREATED]


@every_act
def test_missing_lead_is_not_found(app: InMemoryApp, act: Act, permission: Permission) -> None:
    assert ADMIN.may(permission)
    with pytest.raises(LeadNotFound):
        act(app, ADMIN, "unknown")


@pytest.mark.parametrize("expected_versions", [set(), {2}, {0, 2, 99}])
def test_stale_version_changes_nothing(app: InMemoryApp, expected_versions: set[int]) -> None:
    (lead,) = app.receive("ann@example.com")
    with pytest.raises(VersionConflict) as raised:
        app.update_lead(AGENT, lead.id, {"source": "ad"}, expected_versions)
    assert (raised.value.lead_id, raised.value.version) == (lead.id, 1)
    assert app.leads() == [lead]


def test_matching_version_changes_lead(app: InMemoryApp) -> None:
    (lead,) = app.receive("ann@example.com")
    app.clock.advance(timedelta(hours=1))
    changed = app.update_lead(AGENT, lead.id, {"source": "ad"}, {1, 7})
    assert (changed.source, changed.version, changed.updated_at) == ("ad", 2, NOW + timedelta(hours=1))
    assert app.leads() == [changed]


def test_a_rejected_change_changes_nothing_of_it(app: InMemoryApp) -> None:
    ann, bob = app.receive("ann@example.com", "bob@example.com")
    rejected: list[tuple[type[LeadTrackerError], dict[str, object]]] = [
        (InvalidInput, {"source": "ad", "state": "OPEN"}),
        (IllegalTransition, {"source": "ad", "state": "CONVERTED"}),
        (DuplicateLead, {"source": "ad", "email": "BOB@example.com"}),
        (InvalidInput, {"source": "ad", "duplicate_of": ann.id}),
        (InvalidInput, {"source": "ad", "duplicate_of": "unknown"}),
    ]
    for error, fields in rejected:
        with pytest.raises(error):
            app.update_lead(AGENT, ann.id, fields)
    assert app.leads() == [ann, bob]
    assert len(app.read_history(VIEWER, ann.id)) == 1


def test_bulk_moves_are_independent(app: InMemoryApp) -> None:
    ann, bob = app.receive("ann@example.com", "bob@example.com")
    app.update_lead(AGENT, bob.id, {"state": "REACHED_OUT"})
    requested = {"ids": [ann.id, "unknown", bob.id, ann.id], "state": "CONVERTED"}
    results = app.change_many_leads(AGENT, requested)
    assert [result.lead_id for result in results] == [ann.id, "unknown", bob.id]
    assert isinstance(results[0].outcome, IllegalTransition)
    assert isinstance(results[1].outcome, LeadNotFound)
    assert results[2].outcome == app.get_lead(VIEWER, bob.id)
    assert app.get_lead(VIEWER, bob.id).state is LeadState.CONVERTED


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, ["ids", "state"]),
        ({"ids": [], "state": "LOST"}, ["ids"]),
        ({"ids": ["a"] * 201, "state": "LOST"}, ["ids"]),
        ({"ids": ["a", 1], "state": "LOST"}, ["ids"]),
        ({"ids": "a", "state": "LOST"}, ["ids"]),
        ({"ids": ["a"], "state": "OPEN", "more": 1}, ["more", "state"]),
    ],
)
def test_failed_moves_are_reported(app: InMemoryApp, fields: dict[str, object], named: list[str]) -> None:
    with pytest.raises(InvalidInput) as raised:
        app.change_many_leads(AGENT, fields)
    assert sorted(error.field for error in raised.value.errors) == named


def test_only_expected_versions_move(app: InMemoryApp) -> None:
    leads = app.receive("ann@example.com", "bob@example.com", "carl@example.com")
    named = {leads[0].id: 1, leads[1].id: 7}
    results = app.change_many_leads(AGENT, {"ids": [lead.id for lead in leads], "state": "LOST"}, named)
    changed, stale, unnamed = (result.outcome for result in results)
    assert isinstance(stale, VersionConflict)
    assert isinstance(unnamed, VersionConflict)
    assert not isinstance(changed, Exception)
    assert changed.state is LeadState.LOST


def test_permission_is_checked_before_input(app: InMemoryApp) -> None:
    with pytest.raises(PermissionDenied):
        app.change_many_leads(VIEWER, {})


@pytest.mark.parametrize("fields", [{}, {"note": " "}, {"note": "x" * 5_001}, {"note": "Hi", "more": 1}])
def test_note_adds_only_text(app: InMemoryApp, fields: dict[str, object]) -> None:
    (lead,) = app.receive("ann@example.com")
    with pytest.raises(InvalidInput):
        app.add_note(AGENT, lead.id, fields)


def test_personal_data_is_exported_together(app: InMemoryApp) -> None:
    first, second = app.receive("ann@example.com", "Ann@example.com")
    app.add_note(AGENT, second.id, {"note": "the same person"})
    app.record_follow_up(AGENT, first.id, {"note": "called"})
    person = app.export_personal_data(ADMIN, first.id)
    assert [follow_up.note for follow_up in person.record.follow_ups] == ["called"]
    [duplicate] = person.duplicates
    assert duplicate.lead.id == second.id
    assert [entry.note for entry in duplicate.history] == [None, "the same person", "A follow-up was done."]


def test_many_duplicates_are_relinked_a_few_at_a_time(app: InMemoryApp) -> None:
    first, *others = app.receive(*["ann@example.com"] * 130)
    [target] = app.receive("bob@example.com")
    commits = 0
    commit = MemoryUnitOfWork.commit

    def counted(tx: MemoryUnitOfWork) -> None:
        nonlocal commits
        commits += 1
        commit(tx)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemoryUnitOfWork, "commit", counted)
        app.update_lead(AGENT, first.id, {"duplicate_of": target.id})
    assert commits == 3
    leads = {lead.id: lead for lead in app.leads()}
    assert {leads[one.id].duplicate_of for one in (first, *others)} == {target.id}
    assert (leads[target.id].enquiries, leads[first.id].enquiries) == (130, 0)
