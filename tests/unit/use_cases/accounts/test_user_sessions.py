"""Signing in to the pages, staying signed in, signing out."""

from datetime import timedelta

import pytest

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import OPERATOR, Actor, Role
from leadtracker.domain.model.accounts.user_session import (
    BETWEEN_SIGHTINGS,
    MAX_SESSION_AGE,
    MAX_SESSION_IDLE,
)
from tests.support.clock import MICROSECOND, NOW
from tests.support.memory.in_memory_app import InMemoryApp

PHRASE = "correct horse battery"
ANN = Actor("user:ann", Role.AGENT)


class Office:
    """Users and their sessions over one store."""

    def __init__(self) -> None:
        app = InMemoryApp()
        self.clock = app.clock
        self.users = app.manage_users
        self.sessions = app.user_sessions
        self.users.add(OPERATOR, "ann", Role.AGENT, PHRASE)


@pytest.fixture
def office() -> Office:
    return Office()


def test_session_identifies_its_user(office: Office) -> None:
    secret = office.sessions.begin("ann", PHRASE)
    assert office.sessions.actor(secret) == ANN
    assert office.sessions.actor("something else") is None


def test_every_sign_in_starts_a_session(office: Office) -> None:
    one, other = (office.sessions.begin("ann", PHRASE) for _ in range(2))
    office.sessions.end(one)
    assert (office.sessions.actor(one), office.sessions.actor(other)) == (None, ANN)


@pytest.mark.parametrize(("name", "password"), [("ann", "wrong"), ("unknown", PHRASE), ("", "")])
def test_invalid_sign_in_starts_no_session(office: Office, name: str, password: str) -> None:
    with pytest.raises(AuthenticationFailed):
        office.sessions.begin(name, password)


def test_idle_session_expires(office: Office) -> None:
    secret = office.sessions.begin("ann", PHRASE)
    office.clock.advance(MAX_SESSION_IDLE - MICROSECOND)
    assert office.sessions.actor(secret) == ANN
    office.clock.advance(MAX_SESSION_IDLE)
    assert office.sessions.actor(secret) is None


def test_active_session_has_maximum_age(office: Office) -> None:
    secret = office.sessions.begin("ann", PHRASE)
    while office.clock.now() < NOW + MAX_SESSION_AGE - MICROSECOND:
        assert office.sessions.actor(secret) == ANN
        office.clock.advance(
            min(MAX_SESSION_IDLE / 2, NOW + MAX_SESSION_AGE - MICROSECOND - office.clock.now())
        )
    assert office.sessions.actor(secret) == ANN
    office.clock.advance(MICROSECOND)
    assert office.sessions.actor(secret) is None


def test_frequent_use_is_not_written(office: Office) -> None:
    secret = office.sessions.begin("ann", PHRASE)
    office.clock.advance(BETWEEN_SIGHTINGS - MICROSECOND)
    office.sessions.actor(secret)
    office.clock.advance(MAX_SESSION_IDLE - BETWEEN_SIGHTINGS + MICROSECOND)
    assert office.sessions.actor(secret) is None


@pytest.mark.parametrize("fields", [{"disabled": True}, {"password": "another horse"}])
def test_disabling_or_new_password_ends_sessions(office: Office, fields: dict[str, object]) -> None:
    secret = office.sessions.begin("ann", PHRASE)
    office.users.change(OPERATOR, "ann", fields)
    assert office.sessions.actor(secret) is None
    office.users.change(OPERATOR, "ann", {"disabled": False, "password": PHRASE})
    assert office.sessions.actor(secret) is None


def test_new_role_applies_at_once(office: Office) -> None:
    secret = office.sessions.begin("ann", PHRASE)
    office.users.change(OPERATOR, "ann", {"role": "viewer"})
    assert office.sessions.actor(secret) == Actor("user:ann", Role.VIEWER)


def test_ended_sessions_are_purged(office: Office) -> None:
    old = office.sessions.begin("ann", PHRASE)
    office.clock.advance(MAX_SESSION_IDLE - timedelta(minutes=1))
    new = office.sessions.begin("ann", PHRASE)
    office.clock.advance(timedelta(minutes=1))
    assert office.sessions.purge_expired() == 1
    assert (office.sessions.actor(old), office.sessions.actor(new)) == (None, ANN)
