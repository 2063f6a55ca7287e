"""The pages of the second factor, and signing in with it."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.second_factor import GRACE
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.database import on_every_database
from tests.support.http import Client, basic
from tests.support.memory.system import MemoryClock

ACCOUNT = "/dashboard/account"
PATH = f"{ACCOUNT}/second-factor"
CODE = "/sign-in/code"
STEP = timedelta(seconds=30)


def code(clock: MemoryClock, secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def enable(browser: HtmlClient, clock: MemoryClock) -> tuple[str, list[str]]:
    """Set up the second factor of the signed-in user; return the secret and the recovery codes."""
    page = browser.get(PATH)
    secret = re.search(r'<code class="secret">([A-Z2-7]{32})</code>', page.html)
    assert secret
    assert 'src="data:image/svg+xml' in page.html
    shown = browser.submit(page.form(PATH), {"code": code(clock, secret[1])})
    assert (shown.status, "You must set up" in shown.html) == (200, False)
    return secret[1], re.findall(r"<li><code>([a-z0-9-]{29})</code></li>", shown.html)


def send_code(browser: HtmlClient, given: str) -> HtmlPage:
    return browser.submit(browser.get(CODE).form(CODE), {"code": given})


@on_every_database
def test_signing_in_needs_second_factor(
    signed_in: SignedIn, html_client: HtmlClient, public: Client, clock: MemoryClock
) -> None:
    agent = signed_in(Role.AGENT)
    secret, codes = enable(agent, clock)
    assert len(codes) == 10
    assert agent.get("/dashboard").status == 200
    clock.advance(STEP)
    assert html_client.sign_in("agent", PHRASE, "/sign-in?next=/dashboard/leads").location.startswith(CODE)
    assert html_client.get("/dashboard").status == 303
    wrong = send_code(html_client, "000000")
    assert (wrong.status, "This code is wrong" in wrong.html) == (401, True)
    form = html_client.get(f"{CODE}?next=/dashboard/leads").form(CODE)
    assert html_client.submit(form, {"code": code(clock, secret)}).location == "/dashboard/leads"
    assert html_client.get("/dashboard/leads").status == 200
    rejected = public.with_headers(basic("agent", PHRASE)).get("/leads")
    assert (rejected.status, rejected.body["type"]) == (403, "urn:leadtracker:problem:second-factor-required")
    assert "API key" in rejected.body["detail"]


def test_recovery_code_signs_in_once(app: Flask, signed_in: SignedIn, clock: MemoryClock) -> None:
    _, codes = enable(signed_in(Role.AGENT), clock)
    statuses = []
    for _ in range(2):
        browser = HtmlClient.of(app)
        browser.sign_in("agent", PHRASE)
        statuses.append(send_code(browser, codes[0]).status)
    assert statuses == [303, 401]


def test_code_is_required_only_after_the_password(html_client: HtmlClient) -> None:
    assert html_client.get(CODE).location == "/sign-in"
    token = html_client.get("/sign-in").form("/sign-in").values["csrf_token"]
    assert html_client.post(CODE, {"csrf_token": token, "code": "123456"}).location == "/sign-in"


def test_code_of_a_disabled_user_is_rejected(
    signed_in: SignedIn, html_client: HtmlClient, container: Container, clock: MemoryClock
) -> None:
    secret, _ = enable(signed_in(Role.AGENT), clock)
    clock.advance(STEP)
    html_client.sign_in("agent", PHRASE)
    form = html_client.get(CODE).form(CODE)
    container.manage_users().disable(OPERATOR, "agent")
    assert html_client.submit(form, {"code": code(clock, secret)}).location == "/sign-in"


def test_wrong_codes_count_as_failed_sign_ins(make_container: MakeContainer, clock: MemoryClock) -> None:
    container = make_container(login_rate_limit="3/minute")
    container.ensure_admin()("admin", PHRASE)
    app = create_app(container)
    owner, thief = HtmlClient.of(app), HtmlClient.of(app)
    owner.sign_in("admin", PHRASE)
    enable(owner, clock)
    thief.sign_in("admin", PHRASE)
    assert [send_code(thief, "000000").status for _ in range(5)] == [401, 401, 401, 429, 429]


def test_recovery_codes_are_renewed_and_the_second_factor_removed(
    signed_in: SignedIn, html_client: HtmlClient, clock: MemoryClock
) -> None:
    agent = signed_in(Role.AGENT)
    _, codes = enable(agent, clock)
    page = agent.get(PATH)
    assert "10 recovery codes are left" in page.html
    renewed = agent.submit(page.form(f"{PATH}/recovery-codes"))
    assert not any(one in renewed.html for one in codes)
    assert agent.submit_and_answer(page.form(f"{PATH}/remove")).location == ACCOUNT
    assert html_client.sign_in("agent", PHRASE).location == "/dashboard"
    rejected = agent.post(
        f"{PATH}/recovery-codes", {"csrf_token": page.form("/sign-out").values["csrf_token"]}
    )
    assert rejected.location == ACCOUNT


def test_admin_removes_a_lost_second_factor(
    signed_in: SignedIn, html_client: HtmlClient, admin: Client, clock: MemoryClock
) -> None:
    agent, boss = signed_in(Role.AGENT), signed_in(Role.ADMIN)
    enable(agent, clock)
    assert admin.get("/users/agent").body["second_factor_at"] is not None
    here = "/dashboard/users/agent"
    assert boss.submit_and_answer(boss.get(here).form(f"{here}/remove-second-factor")).location == here
    assert agent.get("/dashboard").status == 303
    assert html_client.sign_in("agent", PHRASE).location == "/dashboard"
    removed = admin.get("/audit", action="second_factor_removed").body
    assert [(entry["actor"], entry["subject"]) for entry in removed] == [("user:admin", "agent")]


def test_required_second_factor_is_announced_then_demanded(
    make_container: MakeContainer, clock: MemoryClock
) -> None:
    container = make_container(require_second_factor="admins")
    container.manage_users().add(OPERATOR, "admin", Role.ADMIN, PHRASE)
    container.manage_users().add(OPERATOR, "agent", Role.AGENT, PHRASE)
    app = create_app(container)
    admin, agent = HtmlClient.of(app), HtmlClient.of(app)
    agent.sign_in("agent", PHRASE)
    assert "second factor" not in agent.get("/dashboard").html
    admin.sign_in("admin", PHRASE)
    assert "You must set up a second factor by" in admin.get("/dashboard").html
    clock.advance(GRACE)
    admin.sign_in("admin", PHRASE)
    assert admin.get("/dashboard").location == ACCOUNT
    assert "before you can continue" in admin.get(ACCOUNT).html
    api = Client.of(app).with_headers(basic("admin", PHRASE))
    assert api.get("/users").status == 403
    enable(admin, clock)
    assert admin.get("/dashboard").status == 200
    form = admin.get(PATH).form(f"{PATH}/remove")
    assert "You must have a second factor" in admin.get(admin.submit_and_answer(form).location).html


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_code_form_is_in_the_language_of_the_user(
    signed_in: SignedIn, html_client: HtmlClient, clock: MemoryClock, language: str
) -> None:
    enable(signed_in(Role.AGENT), clock)
    html_client.sign_in("agent", PHRASE, f"/sign-in?lang={language}")
    page = html_client.get(f"{CODE}?lang={language}")
    assert f'<html lang="{language}"' in page.html
    assert "Enter your code" not in page.html
