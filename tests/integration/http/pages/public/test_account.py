"""The page of the own account: the password, and the sessions."""

import re

import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.clients.html_client import HtmlClient, HtmlPage
from tests.support.http import Client, basic

PATH = "/dashboard/account"
FORM = "/dashboard/account/password"
NEW = "a better horse"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


def change(html_client: HtmlClient, current: str, password: str, again: str | None = None) -> HtmlPage:
    form = html_client.get(PATH).form(FORM)
    return html_client.submit(form, {"current": current, "password": password, "again": again or password})


def test_new_password_replaces_old_one(signed_in: SignedIn, html_client: HtmlClient) -> None:
    agent = signed_in(Role.AGENT)
    assert change(agent, PHRASE, NEW).location == PATH
    assert "Your password was changed" in agent.get(PATH).html
    assert html_client.sign_in("agent", PHRASE).status == 401
    assert html_client.sign_in("agent", NEW).status == 303


def test_password_change_ends_other_sessions(signed_in: SignedIn, html_client: HtmlClient) -> None:
    agent, elsewhere = signed_in(Role.AGENT), signed_in(Role.AGENT)
    kept = agent.cookie
    change(agent, PHRASE, NEW)
    assert (agent.get(PATH).status, elsewhere.get(PATH).status) == (200, 303)
    assert html_client.get(PATH, headers={"Cookie": kept}).status == 303


@pytest.mark.parametrize(
    ("current", "password", "again", "field"),
    [
        ("wrong", NEW, NEW, "current"),
        (PHRASE, NEW, "something else", "again"),
        (PHRASE, "x" * 1001, "x" * 1001, "password"),
        (PHRASE, PHRASE, PHRASE, "password"),
        (PHRASE, "password1234", "password1234", "password"),
    ],
)
def test_invalid_change_changes_nothing(
    signed_in: SignedIn, html_client: HtmlClient, current: str, password: str, again: str, field: str
) -> None:
    rejected = change(signed_in(Role.AGENT), current, password, again)
    assert rejected.status == 422
    assert f'id="{field}-error"' in rejected.html
    assert not {current, password, again} & set(rejected.form(FORM).values.values())
    assert html_client.sign_in("agent", PHRASE).status == 303


def test_password_guessing_is_limited(make_container: MakeContainer) -> None:
    container = make_container(login_rate_limit="2/minute")
    container.ensure_admin()("admin", PHRASE)
    html_client = HtmlClient.of(create_app(container))
    html_client.sign_in("admin", PHRASE)
    assert [change(html_client, "wrong", NEW).status for _ in range(3)] == [422, 422, 429]


def sign_in_with(app: Flask, user_agent: str) -> HtmlClient:
    html_client = HtmlClient.of(app)
    form = html_client.get("/sign-in").form("/sign-in")
    given = {"name": "agent", "password": PHRASE}
    assert html_client.submit(form, given, headers={"User-Agent": user_agent}).status == 303
    return html_client


def test_sessions_are_listed_and_ended(app: Flask, signed_in: SignedIn) -> None:
    signed_in(Role.ADMIN)
    own = signed_in(Role.AGENT)
    firefox, chrome = sign_in_with(app, FIREFOX), sign_in_with(app, CHROME)
    page = own.get(PATH)
    assert [text in page.html for text in ("Firefox on Windows", "Chrome on Linux", "127.0.0.0/24")] == [
        True
    ] * 3
    assert page.html.count("This browser") == 1
    ended = [form for form in page.forms if form.action == f"{PATH}/sessions/end"]
    assert len(ended) == 2
    assert 'aria-label="Sign out Firefox on Windows">Sign out</button>' in page.html
    others = [label for label in ("Firefox", "Chrome") if f"{label} on" in page.html]
    assert others
    own.submit(page.form(f"{PATH}/sessions/end-others"))
    assert [one.get(PATH).status for one in (own, firefox, chrome)] == [200, 303, 303]
    assert "Sign out others" not in own.get(PATH).html


def test_one_session_is_ended_and_those_of_others_are_not(app: Flask, signed_in: SignedIn) -> None:
    own, admin = signed_in(Role.AGENT), signed_in(Role.ADMIN)
    firefox = sign_in_with(app, FIREFOX)
    [form] = [form for form in own.get(PATH).forms if form.action == f"{PATH}/sessions/end"]
    session = re.search('name="session" value="([0-9a-f]{64})"', own.get(PATH).html)
    assert session
    admin_form = admin.get(PATH).form("/sign-out").values["csrf_token"]
    admin.post(f"{PATH}/sessions/end", {"csrf_token": admin_form, "session": session[1]})
    assert firefox.get(PATH).status == 200
    own.submit(form, {"session": session[1]})
    assert [one.get(PATH).status for one in (own, admin, firefox)] == [200, 200, 303]


def test_password_of_an_admin_must_be_changed_first(
    container: Container, signed_in: SignedIn, html_client: HtmlClient, public: Client
) -> None:
    admin = signed_in(Role.ADMIN)
    users = "/dashboard/users"
    fields = {"name": "ann", "role": "agent", "password": PHRASE}
    assert admin.submit(admin.get(users).form(users), fields).status == 303
    html_client.sign_in("ann", PHRASE)
    page = html_client.get("/dashboard/leads")
    assert (page.status, page.location) == (303, PATH)
    part = html_client.get("/dashboard/leads", headers={"HX-Request": "true"})
    assert (part.status, part.response.headers["HX-Redirect"]) == (204, PATH)
    shown = html_client.get(PATH)
    assert "An admin has set your password" in shown.html
    assert "/dashboard/leads" not in shown.html
    assert public.with_headers({"Cookie": html_client.cookie}).get("/leads").status == 401
    assert public.with_headers(basic("ann", PHRASE)).get("/leads").status == 200
    assert change(html_client, PHRASE, PHRASE).status == 422
    assert change(html_client, PHRASE, NEW).status == 303
    assert html_client.get("/dashboard/leads").status == 200
    assert not container.manage_users().one(OPERATOR, "ann").must_change_password


def test_password_of_the_operator_need_not_be_changed(container: Container, html_client: HtmlClient) -> None:
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, PHRASE)
    html_client.sign_in("ann", PHRASE)
    assert html_client.get("/dashboard").status == 200
    container.manage_users().set_password(OPERATOR, "ann", NEW, is_temporary=True)
    html_client.sign_in("ann", NEW)
    assert html_client.get("/dashboard").location == PATH
