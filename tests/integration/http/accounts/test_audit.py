"""The audit log: every action of its list leaves one entry, and what fails leaves none."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.errors import LeadTrackerError
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditFilter
from tests.integration.http.conftest import PHRASE
from tests.integration.http.imports.test_import import HEADER, send
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client, basic
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

FILE = f"{HEADER}\nAnn,Lee,p1@example.com\n"
OF_CREDENTIALS = {
    AuditAction.IDENTITY_LINKED,
    AuditAction.PASSWORD_CHOSEN,
    AuditAction.PASSWORD_RESET_REQUESTED,
    AuditAction.RECOVERY_CODES_CREATED,
    AuditAction.RECOVERY_CODE_USED,
    AuditAction.SECOND_FACTOR_ENABLED,
    AuditAction.SECOND_FACTOR_FAILED,
    AuditAction.SECOND_FACTOR_REMOVED,
    AuditAction.SESSION_ENDED,
    AuditAction.USER_INVITED,
}
"""The actions on credentials."""
ELSEWHERE = OF_CREDENTIALS | {
    AuditAction.AUDIT_EXPORTED,
    AuditAction.REJECTED_ROWS_DOWNLOADED,
    AuditAction.STATISTICS_EXPORTED,
}
"""Actions that other tests cause; those of downloads are in ``test_audited_ways``."""
TESTED_ELSEWHERE = {
    AuditAction.IDENTITY_LINKED,  # with the provider
    AuditAction.PASSWORD_CHOSEN,  # with links by e-mail, as the next two
    AuditAction.PASSWORD_RESET_REQUESTED,
    AuditAction.SESSION_ENDED,  # with the provider, too
    AuditAction.USER_INVITED,
}


def entries(admin: Client, **query: str) -> list[dict[str, Any]]:
    """Return the entries of the log, the oldest first."""
    found: list[dict[str, Any]] = admin.get("/audit", **query).body
    return found[::-1]


def manage_accounts(admin: Client) -> None:
    """Create and revoke the key ``site``, and add the user ``bo`` and change it."""
    admin.post("/api-keys", {"name": "site", "role": "sender"})
    admin.delete("/api-keys/site")
    admin.post("/users", {"name": "bo", "role": "viewer", "password": PHRASE})
    admin.patch("/users/bo", {"email": "bo@example.com"})


def hold_and_erase(lead: str, agent: Client, admin: Client) -> None:
    """Set the legal hold of a lead and clear it, then erase the person."""
    agent.put(f"/leads/{lead}/hold", {"reason": "Lawsuit."})
    agent.delete(f"/leads/{lead}/hold")
    admin.delete(f"/leads/{lead}")


@on_every_database
def test_every_action_leaves_its_entry(
    admin: Client, agent: Client, public: Client, app: Flask, container: Container
) -> None:
    lead = agent.post("/leads", make_fields("ann@example.com", resume="My life.")).body["id"]
    before = len(entries(admin))
    agent.get(f"/leads/{lead}/resume")
    import_id = send(admin, FILE).body["import_id"]
    admin.post(f"/imports/{import_id}/undo")
    manage_accounts(admin)
    admin.get("/leads/export", format="csv")
    container.export_personal_data()(OPERATOR, lead)
    hold_and_erase(lead, agent, admin)
    admin.post("/reports/weekly/2026-W46/send")
    public.with_headers(basic("bo", "wrong wrong wrong")).get("/leads")
    assert HtmlClient.of(app).sign_in("bo", PHRASE).status == 303

    found = entries(admin)[before:]
    assert [(one["action"], one["subject"]) for one in found] == [
        ("file_downloaded", lead),
        ("import_started", import_id),
        ("import_undone", import_id),
        ("key_created", "site"),
        ("key_revoked", "site"),
        ("user_created", "bo"),
        ("user_changed", "bo"),
        ("leads_exported", ""),
        ("person_exported", lead),
        ("hold_set", lead),
        ("hold_cleared", lead),
        ("person_erased", lead),
        ("report_requested", "2026-W46"),
        ("sign_in_failed", "bo"),
        ("signed_in", "bo"),
    ]
    assert {one["action"] for one in found} == {action.value for action in AuditAction} - ELSEWHERE
    numbers = [one["number"] for one in entries(admin)]
    assert numbers == list(range(1, len(numbers) + 1))


@on_every_database
def test_every_action_with_credentials_leaves_its_entry(
    admin: Client, public: Client, app: Flask, container: Container, clock: MemoryClock
) -> None:
    container.manage_users().add(OPERATOR, "bo", Role.AGENT, PHRASE)
    before = len(entries(admin))
    browser, thief = HtmlClient.of(app), HtmlClient.of(app)
    browser.sign_in("bo", PHRASE)
    secret = container.manage_second_factor().set_up(container.manage_users().one(OPERATOR, "bo")).secret
    here = "/dashboard/account/second-factor"
    shown = browser.submit(browser.get(here).form(here), {"code": pyotp.TOTP(secret).at(clock.now())})
    recovery = shown.html.partition("<li><code>")[2].partition("<")[0]
    for code in ("000000", recovery):
        thief.sign_in("bo", PHRASE)
        thief.submit(thief.get("/sign-in/code").form("/sign-in/code"), {"code": code})
    public.with_headers(basic("bo", PHRASE)).get("/leads")
    browser.submit(browser.get(here).form(f"{here}/recovery-codes"))
    browser.submit_and_answer(browser.get(here).form(f"{here}/remove"))
    found = entries(admin)[before:]
    assert [(one["action"], one["actor"]) for one in found] == [
        ("signed_in", "user:bo"),
        ("second_factor_enabled", "user:bo"),
        ("second_factor_failed", "user:bo"),
        ("recovery_code_used", "user:bo"),
        ("signed_in", "user:bo"),
        ("second_factor_failed", "user:bo"),
        ("recovery_codes_created", "user:bo"),
        ("second_factor_removed", "user:bo"),
    ]
    assert {one["subject"] for one in found} == {"bo"}
    assert {one["network"] for one in found} == {"127.0.0.0/24"}
    assert {AuditAction(one["action"]) for one in found} >= OF_CREDENTIALS - TESTED_ELSEWHERE
    assert secret not in str(found)


@on_sqlite
def test_entries_name_the_network_and_not_the_address(admin: Client) -> None:
    admin.request("GET", "/leads/export", environ_overrides={"REMOTE_ADDR": "192.0.2.77"})
    admin.request("GET", "/leads/export", environ_overrides={"REMOTE_ADDR": "2001:db8:1:2::3"})
    networks = [one["network"] for one in entries(admin, action="leads_exported")]
    assert networks == ["192.0.2.0/24", "2001:db8:1::/48"]


@on_sqlite
@pytest.mark.parametrize("name", ["unknown", "my secret pass phrase", "", "x" * 1_000, "an\x1bn"])
def test_unknown_typed_name_is_not_recorded(public: Client, admin: Client, name: str) -> None:
    assert public.with_headers(basic(name, PHRASE)).get("/leads").status == 401
    [failed] = entries(admin, action="sign_in_failed")
    assert (failed["actor"], failed["subject"]) == ("public", "")


@on_every_database
def test_actions_that_fail_leave_no_entry(admin: Client, agent: Client, container: Container) -> None:
    known = entries(admin)
    assert admin.post("/users", {"name": "bo", "role": "viewer", "password": "short"}).status == 422
    assert admin.delete("/leads/missing").status == 404
    assert admin.get("/leads/missing/resume").status == 404
    assert admin.post("/imports/missing/undo").status == 404
    assert admin.delete("/api-keys/missing").status == 404
    assert agent.get("/leads/export", format="csv").status == 403
    with pytest.raises(LeadTrackerError):
        container.export_personal_data()(OPERATOR, "missing")
    assert entries(admin) == known


@on_sqlite
def test_log_is_for_admins_only(viewer: Client, agent: Client, public: Client) -> None:
    assert public.get("/audit").status == 401
    assert viewer.get("/audit").status == 403
    assert agent.get("/audit").status == 403


@on_every_database
def test_pages_and_filters_select_entries(admin: Client) -> None:
    for _ in range(3):
        admin.get("/leads/export")
    page = admin.get("/audit", limit=2, action="leads_exported")
    cursor = page.headers["Link"].partition("cursor=")[2].partition("&")[0].partition(">")[0]
    rest = admin.get("/audit", limit=2, action="leads_exported", cursor=cursor)
    numbers = [one["number"] for one in page.body + rest.body]
    assert len(numbers) == 3
    assert numbers == sorted(numbers, reverse=True)
    assert "Link" not in rest.headers
    day = page.body[0]["at"][:10]
    assert len(entries(admin, **{"from": day, "to": day})) == len(entries(admin))
    assert entries(admin, to="2020-01-01") == []
    assert entries(admin, actor="user:unknown") == []


@on_sqlite
@pytest.mark.parametrize(
    "query", [{"action": "x"}, {"from": "x"}, {"cursor": "x"}, {"limit": "0"}, {"actor": "x" * 201}]
)
def test_invalid_parameters_are_named(admin: Client, query: dict[str, str]) -> None:
    response = admin.get("/audit", **query)
    assert response.status == 422
    assert [error["field"] for error in response.body["errors"]] == list(query)


@on_sqlite
def test_no_method_changes_the_log(admin: Client) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert admin.unchecked(method, "/audit").status == 405
        assert admin.unchecked(method, "/audit/1").status in {404, 405}


@on_every_database
def test_a_removed_entry_is_found(admin: Client, container: Container, raw_db: RawDatabase) -> None:
    for _ in range(4):
        admin.get("/leads/export")
    newest = entries(admin)[-1]["number"]
    with container.unit_of_work().read_only() as tx:
        assert tx.audit_log.gaps() == []
    raw_db.execute("DELETE FROM audit_entries WHERE number IN (?, ?)", newest - 1, newest - 2)
    raw_db.execute("DELETE FROM audit_entries WHERE number = ?", newest)
    with container.unit_of_work().read_only() as tx:
        assert tx.audit_log.gaps() == [f"{newest - 2}-{newest}"]


@on_sqlite
def test_old_entries_are_deleted_after_the_retention(container: Container, clock: Any, admin: Client) -> None:
    admin.get("/leads/export")
    retention = timedelta(days=730)
    assert container.settings().audit_retention == retention
    clock.advance(retention)
    admin.get("/leads/export")
    assert container.read_audit_log().purge_expired() == 0
    clock.advance(retention / 2)
    assert container.read_audit_log().purge_expired() > 0
    assert len(list(container.read_audit_log().all(OPERATOR, AuditFilter()))) == 1
