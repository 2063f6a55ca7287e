"""Whichever call of the database fails, an action and its entry are stored together or not at all.

A failing call leaves the database as a process does that dies there: what was committed stays.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from attrs import frozen

from leadtracker.container import Container
from leadtracker.domain.errors import AuthenticationFailed, LeadNotFound, LeadTrackerError
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Role
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditFilter
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.builders import make_fields
from tests.support.clock import DAY
from tests.support.database import on_every_database
from tests.support.instruments.failing_calls import counted_calls
from tests.support.memory.system import MemoryClock

_MAX_CALLS = 120
WEEKS = 9


@frozen
class Act:
    """An action, what it needs, and how its effect is seen.

    Attributes:
        prepare: makes what the action works on, by a name; its result is given to the others.
        has_effect: returns whether the action has happened.
        is_read: true if the entry is committed before what it is about; then it may stand alone.
    """

    action: AuditAction
    prepare: Callable[[Container, str], Any]
    run: Callable[[Container, Any], object]
    has_effect: Callable[[Container, Any], object]
    is_read: bool = False


def capture(container: Container, name: str) -> str:
    fields = make_fields(f"{name}@example.com", resume="My life.")
    return container.capture_lead()(PUBLIC, fields).lead.id


def capture_twice(container: Container, name: str) -> str:
    lead_id = capture(container, name)
    capture(container, name)
    return lead_id


def capture_on_hold(container: Container, name: str) -> str:
    lead_id = capture(container, name)
    container.hold_lead().set(OPERATOR, lead_id, {"reason": "lawsuit"})
    return lead_id


def is_gone(container: Container, lead_id: str) -> bool:
    with container.unit_of_work().read_only() as tx:
        try:
            tx.leads.get(lead_id)
        except LeadNotFound:
            return True
    return False


def is_on_hold(container: Container, lead_id: str) -> bool:
    return container.get_lead()(OPERATOR, lead_id).hold is not None


def user_names(container: Container) -> set[str]:
    return {user.name for user in container.manage_users().all(OPERATOR)}


def valid_keys(container: Container) -> set[str]:
    return {key.name for key in container.manage_api_keys().all(OPERATOR) if key.revoked_at is None}


def add_user(container: Container, name: str) -> str:
    container.manage_users().add(OPERATOR, name, Role.VIEWER, PHRASE)
    return name


def add_key(container: Container, name: str) -> str:
    container.manage_api_keys().add(OPERATOR, name, Role.VIEWER)
    return name


def is_disabled(container: Container, name: str) -> bool:
    return any(
        user.name == name and user.disabled_at is not None for user in container.manage_users().all(OPERATOR)
    )


def rows(name: str) -> list[ImportRow]:
    return [ImportRow(2, make_fields(f"{name}@example.com"))]


def imported(container: Container, name: str) -> str:
    run = container.import_leads()(OPERATOR, rows(name))
    list(run)
    with container.unit_of_work().read_only() as tx:
        return tx.imports.page(limit=1)[0].id


def is_undone(container: Container, import_id: str) -> bool:
    return container.manage_imports().get(OPERATOR, import_id).removed > 0


def has_lead(container: Container, name: str) -> bool:
    with container.unit_of_work().read_only() as tx:
        return tx.leads.find_primary(f"{name}@example.com") is not None


def sign_in_wrongly(container: Container, name: str) -> None:
    with pytest.raises(AuthenticationFailed):
        container.sign_in().user(name, "wrong wrong wrong")


def nothing(_container: Container, _subject: str) -> bool:
    return False


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "erasure": Act(
            AuditAction.PERSON_ERASED, capture, lambda c, one: c.erase_lead()(OPERATOR, one), is_gone
        ),
        "erasure with enquiries": Act(
            AuditAction.PERSON_ERASED,
            capture_twice,
            lambda c, one: c.erase_lead()(OPERATOR, one, with_duplicates=True),
            is_gone,
        ),
        "hold": Act(
            AuditAction.HOLD_SET,
            capture,
            lambda c, one: c.hold_lead().set(OPERATOR, one, {"reason": "lawsuit"}),
            is_on_hold,
        ),
        "cleared hold": Act(
            AuditAction.HOLD_CLEARED,
            capture_on_hold,
            lambda c, one: c.hold_lead().clear(OPERATOR, one),
            lambda c, one: not is_on_hold(c, one),
        ),
        "new user": Act(
            AuditAction.USER_CREATED,
            lambda _, name: name,
            add_user,
            lambda c, name: name in user_names(c),
        ),
        "disabled user": Act(
            AuditAction.USER_CHANGED,
            add_user,
            lambda c, name: c.manage_users().disable(OPERATOR, name),
            is_disabled,
        ),
        "new key": Act(
            AuditAction.KEY_CREATED, lambda _, name: name, add_key, lambda c, name: name in valid_keys(c)
        ),
        "revoked key": Act(
            AuditAction.KEY_REVOKED,
            add_key,
            lambda c, name: c.manage_api_keys().revoke(OPERATOR, name),
            lambda c, name: name not in valid_keys(c),
        ),
        "export": Act(
            AuditAction.LEADS_EXPORTED,
            lambda _, name: name,
            lambda c, _: list(c.export_leads()(OPERATOR)),
            nothing,
            is_read=True,
        ),
        "personal data export": Act(
            AuditAction.PERSON_EXPORTED,
            capture,
            lambda c, one: c.export_personal_data()(OPERATOR, one),
            nothing,
            is_read=True,
        ),
        "download": Act(
            AuditAction.FILE_DOWNLOADED,
            capture,
            lambda c, one: c.get_resume()(OPERATOR, one),
            nothing,
            is_read=True,
        ),
        "statistics export": Act(
            AuditAction.STATISTICS_EXPORTED,
            lambda _, name: name,
            lambda c, _: c.read_statistics().export(OPERATOR, TimeRange(None, None)),
            nothing,
            is_read=True,
        ),
        "export of the log": Act(
            AuditAction.AUDIT_EXPORTED,
            lambda _, name: name,
            lambda c, _: list(c.read_audit_log().export(OPERATOR, AuditFilter(action=AuditAction.HOLD_SET))),
            nothing,
            is_read=True,
        ),
        "invitation": Act(
            AuditAction.USER_INVITED,
            lambda _, name: name,
            lambda c, name: c.invite_user()(
                OPERATOR, {"name": name, "role": "agent", "email": "bo@example.com"}
            ),
            lambda c, name: name in user_names(c),
        ),
        "failed sign-in": Act(AuditAction.SIGN_IN_FAILED, add_user, sign_in_wrongly, nothing, is_read=True),
    }
)


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(retention="PENDING=1")


def recorded(container: Container, action: AuditAction) -> int:
    return sum(1 for _ in container.read_audit_log().all(OPERATOR, AuditFilter(action=action)))


@on_every_database
@pytest.mark.parametrize("name", ACTS)
def test_action_and_entry_are_stored_together(container: Container, name: str) -> None:
    act, failures, entries = ACTS[name], 0, 0
    with counted_calls() as calls:
        for number in range(1, _MAX_CALLS):
            subject = act.prepare(container, f"{name.replace(' ', '-')}{number}")
            before = recorded(container, act.action)
            calls.fail(number)
            error = None
            try:
                act.run(container, subject)
            except (LeadTrackerError, pytest.fail.Exception) as raised:
                error = raised
            was_reached = calls.made >= number
            calls.fail(0)
            entries = recorded(container, act.action) - before
            if act.is_read:  # what could not be recorded was not returned
                assert entries == 1 or error is not None
            else:
                assert (entries > 0) == bool(act.has_effect(container, subject))
            failures += error is not None
            if not was_reached:
                break
    assert failures >= 2
    assert entries == 1
    with container.unit_of_work().read_only() as tx:
        assert tx.audit_log.gaps() == []


@on_every_database
def test_retention_and_its_entries_are_stored_together(container: Container, clock: MemoryClock) -> None:
    container.seal_weeks()()
    lead_ids = [capture_twice(container, f"p{number}") for number in range(25)]
    for _ in range(WEEKS):
        clock.advance(7 * DAY)
        container.seal_weeks()()
    failures, gone = 0, set[str]()
    with counted_calls() as calls:
        for number in range(1, 400, 3):
            calls.fail(number)
            try:
                list(container.enforce_retention()())
            except LeadTrackerError:
                failures += 1
            calls.fail(0)
            gone = {one for one in lead_ids if is_gone(container, one)}
            erasures = AuditFilter(action=AuditAction.PERSON_ERASED)
            entries = [one.record.subject for one in container.read_audit_log().all(OPERATOR, erasures)]
            assert sorted(entries) == sorted(gone)
            if len(gone) == len(lead_ids):
                break
    assert len(gone) == len(lead_ids)
    assert failures > 5
