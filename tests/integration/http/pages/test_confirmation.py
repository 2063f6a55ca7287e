"""Sensitive pages ask for the password again after 15 minutes, and lose no form."""

from datetime import timedelta

import pyotp
import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.audit_entry import AuditFilter
from leadtracker.domain.model.accounts.user_session import CONFIRMED_FOR
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.integration.http.pages.conftest import AddLead
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.clock import MICROSECOND
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

USERS = "/dashboard/users"
CONFIRM = "/dashboard/account/confirm"
NEW_USER = {"name": "bob", "role": "agent", "email": "bob@example.com", "password": "a better horse"}
TITLE = "Confirm that it is you"


def wait(clock: MemoryClock) -> None:
    clock.advance(CONFIRMED_FOR)


def confirm(browser: HtmlClient, asked: HtmlPage, proof: str = PHRASE) -> HtmlPage:
    """Fill in the form that asks for the confirmation."""
    form = next(form for form in asked.forms if "confirmation" in form.values)
    return browser.submit(form, {"confirmation": proof})


@pytest.mark.parametrize(
    "path",
    [USERS, f"{USERS}/admin", "/dashboard/keys", "/dashboard/audit", "/dashboard/account/second-factor"],
)
def test_sensitive_page_asks_after_15_minutes(
    admin_browser: HtmlClient, clock: MemoryClock, path: str
) -> None:
    clock.advance(CONFIRMED_FOR - MICROSECOND)
    assert TITLE not in admin_browser.get(path).html
    clock.advance(MICROSECOND)
    asked = admin_browser.get(f"{path}?a=b")
    assert (asked.status, asked.title.partition(" ·")[0]) == (403, TITLE)
    assert confirm(admin_browser, asked).location == f"{path}?a=b"
    assert admin_browser.get(path).status == 200


@pytest.mark.parametrize(
    "path", ["/dashboard", "/dashboard/leads", "/dashboard/account", "/dashboard/import"]
)
def test_other_page_does_not_ask(admin_browser: HtmlClient, clock: MemoryClock, path: str) -> None:
    wait(clock)
    assert admin_browser.get(path).status == 200


def test_form_is_not_lost(admin_browser: HtmlClient, clock: MemoryClock, container: Container) -> None:
    form = admin_browser.get(USERS).form(USERS)
    wait(clock)
    asked = admin_browser.submit(form, NEW_USER)
    assert asked.status == 403
    assert "Your changes are saved after that." in asked.html
    wrong = confirm(admin_browser, asked, "wrong")
    assert (wrong.status, "neither your password" in wrong.html) == (422, True)
    assert confirm(admin_browser, wrong).location == USERS
    added = container.manage_users().one(OPERATOR, "bob")
    assert (added.role, added.email) == (Role.AGENT, "bob@example.com")
    assert admin_browser.get(USERS).status == 200


def test_field_errors_after_the_confirmation_keep_the_input(
    admin_browser: HtmlClient, clock: MemoryClock
) -> None:
    form = admin_browser.get(USERS).form(USERS)
    wait(clock)
    rejected = confirm(admin_browser, admin_browser.submit(form, NEW_USER | {"email": "bob"}))
    assert (rejected.status, 'id="email-error"' in rejected.html) == (422, True)
    assert rejected.form(USERS).values["name"] == "bob"
    assert PHRASE not in rejected.html


def test_erasure_asks_and_is_done(
    admin_browser: HtmlClient, clock: MemoryClock, add_lead: AddLead, agent: Client
) -> None:
    path = f"/dashboard/leads/{add_lead()['id']}/erase"
    form = admin_browser.get(path).form(path)
    wait(clock)
    asked = admin_browser.submit(form)
    assert (asked.status, len(agent.get("/leads").body)) == (403, 1)
    assert confirm(admin_browser, asked).location == "/dashboard/leads"
    assert agent.get("/leads").body == []


def test_code_of_second_factor_confirms(
    admin_browser: HtmlClient, clock: MemoryClock, container: Container
) -> None:
    manage = container.manage_second_factor()
    secret = manage.set_up(container.manage_users().one(OPERATOR, "admin")).secret
    form = admin_browser.get("/dashboard/account/second-factor").form("/dashboard/account/second-factor")
    admin_browser.submit(form, {"code": pyotp.TOTP(secret).at(clock.now())})
    wait(clock)
    given = pyotp.TOTP(secret).at(clock.now())
    assert confirm(admin_browser, admin_browser.get(USERS), given).location == USERS
    wait(clock)
    assert confirm(admin_browser, admin_browser.get(USERS), given).status == 422
    assert confirm(admin_browser, admin_browser.get(USERS)).location == USERS


def test_part_of_page_leads_to_question(admin_browser: HtmlClient, clock: MemoryClock) -> None:
    wait(clock)
    part = admin_browser.get(USERS, headers={"HX-Request": "true"})
    assert (part.status, part.response.headers["HX-Redirect"]) == (204, USERS)


def test_wrong_confirmations_are_limited_and_recorded(
    make_container: MakeContainer, clock: MemoryClock
) -> None:
    container = make_container(login_rate_limit="2/minute")
    container.ensure_admin()("admin", PHRASE)
    app = create_app(container)
    browser = HtmlClient.of(app)
    browser.sign_in("admin", PHRASE)
    wait(clock)
    asked = browser.get(USERS)
    assert [confirm(browser, asked, "wrong").status for _ in range(3)] == [422, 422, 429]
    with container.unit_of_work().read_only() as tx:
        failed = [
            entry for entry in tx.audit_log.page(AuditFilter(), limit=9) if entry.record.subject == "admin"
        ]
    assert [entry.record.action.value for entry in failed[:2]] == ["sign_in_failed"] * 2


@pytest.mark.parametrize("next_url", ["https://evil.example/dashboard", "//evil.example", "/leads", ""])
def test_confirmation_leads_to_no_other_site(
    admin_browser: HtmlClient, clock: MemoryClock, next_url: str
) -> None:
    wait(clock)
    form = admin_browser.get(USERS).form(CONFIRM)
    sent = admin_browser.submit(form, {"confirmation": PHRASE, "next": next_url})
    assert sent.location == "/dashboard"


def test_idle_session_still_ends(admin_browser: HtmlClient, clock: MemoryClock) -> None:
    clock.advance(timedelta(minutes=30))
    assert admin_browser.get(USERS).location.startswith("/sign-in")
