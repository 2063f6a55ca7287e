"""Admins invite users, remove second factors and links to the provider over the API."""

from typing import Any

import pyotp

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.external_identity import ExternalIdentity
from tests.integration.http.conftest import PHRASE
from tests.support.clock import NOW
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

BO = {"name": "bo", "role": "agent", "email": "bo@example.com", "assignable": True}


def actions(admin: Client) -> list[tuple[str, str]]:
    """Return the actions of the audit log with their subjects, the oldest first."""
    return [(one["action"], one["subject"]) for one in admin.get("/audit").body][::-1]


def kinds(container: Container) -> list[str]:
    """Return the kinds of the mails that a scheduler enqueues and those that wait."""
    container.enqueue_account_mails()()
    page = container.manage_deliveries().page(OPERATOR, None, limit=50, after=None)
    return [one.kind.value for one in page.items]


def test_invitation_adds_a_user_and_is_mailed_again(admin: Client, container: Container) -> None:
    invited = admin.post("/invitations", BO)
    assert (invited.status, invited.headers["Location"]) == (201, "http://localhost/users/bo")
    assert invited.body["invited"] is True
    assert admin.get("/users/bo").body == invited.body
    assert admin.post("/invitations/bo").status == 202
    assert kinds(container) == ["invitation"]  # the first link stopped working before its mail was sent
    assert actions(admin)[-2:] == [("user_invited", "bo"), ("user_invited", "bo")]


def test_invitation_is_rejected_with_reasons(admin: Client) -> None:
    missing = admin.post("/invitations", {"name": "bo"})
    assert {one["field"] for one in missing.body["errors"]} == {"role", "email"}
    assert admin.post("/invitations", BO).status == 201
    assert admin.post("/invitations", BO).body["type"] == "urn:leadtracker:problem:name-taken"
    admin.post("/users", {"name": "ann", "role": "viewer", "password": PHRASE})
    again = admin.post("/invitations/ann")
    assert (again.status, again.body["type"]) == (409, "urn:leadtracker:problem:not-invited")
    assert admin.post("/invitations/unknown").status == 404


def test_second_factor_is_removed_and_mailed(admin: Client, container: Container, clock: MemoryClock) -> None:
    user = container.manage_users().add(OPERATOR, "bo", Role.AGENT, PHRASE, "bo@example.com")
    manage, sessions = container.manage_second_factor(), container.user_sessions()
    found = sessions.find(sessions.begin("bo", PHRASE))
    assert found
    manage.enable(found.session, pyotp.TOTP(manage.set_up(user).secret).at(clock.now()))
    assert admin.get("/users/bo").body["second_factor_at"]
    assert [admin.delete("/second-factors/bo").status for _ in range(2)] == [204, 204]
    assert admin.get("/users/bo").body["second_factor_at"] is None
    assert sessions.of("bo") == []
    assert kinds(container) == ["account_change", "account_change"]
    assert actions(admin)[-1] == ("second_factor_removed", "bo")


def test_link_to_the_provider_is_shown_and_removed(admin: Client, container: Container) -> None:
    container.manage_users().add(OPERATOR, "bo", Role.AGENT, PHRASE)
    identity = ExternalIdentity(issuer="https://login.example", subject="bo-1", user="bo", linked_at=NOW)
    with container.unit_of_work()() as tx:
        tx.external_identities.add(identity)
        tx.commit()
    shown: dict[str, Any] = {one["name"]: one["identities"] for one in admin.get("/users").body}
    [linked] = shown.pop("bo")
    assert (linked["issuer"], linked["subject"]) == ("https://login.example", "bo-1")
    assert [linked for linked in shown.values() if linked] == []
    assert admin.get("/users/bo").body["identities"] == [linked]
    assert admin.delete("/identities/bo").status == 204
    assert admin.get("/users/bo").body["identities"] == []
    assert actions(admin)[-1] == ("user_changed", "bo")
