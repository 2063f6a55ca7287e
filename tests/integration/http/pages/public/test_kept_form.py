"""A form that is sent after the session was over: signing in keeps what was entered."""

import json

import pyotp
import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.user_session import MAX_SESSION_IDLE
from tests.integration.http.conftest import PHRASE
from tests.integration.http.pages.conftest import AddLead, SignedIn
from tests.support.clients.html_client import Form, HtmlClient, HtmlPage
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

NEW = "/dashboard/leads/new"
LONG = "Häuser & “Gärten” 😀\n" * 249
CALL = {"first_name": "Zoe", "email": "zoe@example.com", "message": LONG}


def sign_in_again(browser: HtmlClient, asked: HtmlPage, name: str, password: str = PHRASE) -> HtmlPage:
    return browser.submit(asked.form("/sign-in"), {"name": name, "password": password})


@pytest.fixture
def agent_browser(signed_in: SignedIn) -> HtmlClient:
    return signed_in(Role.AGENT)


def sent_too_late(browser: HtmlClient, clock: MemoryClock, form: Form, data: dict[str, str]) -> HtmlPage:
    clock.advance(MAX_SESSION_IDLE)
    return browser.submit(form, data)


def test_form_of_an_ended_session_is_sent_after_signing_in(
    agent_browser: HtmlClient, clock: MemoryClock, agent: Client
) -> None:
    asked = sent_too_late(agent_browser, clock, agent_browser.get(NEW).form(NEW), CALL)
    assert (asked.status, "nothing is lost: sign in" in asked.html) == (401, True)
    wrong = sign_in_again(agent_browser, asked, "agent", "wrong")
    assert wrong.status == 401
    shown = sign_in_again(agent_browser, wrong, "agent")
    assert shown.title.startswith("Send your form")
    added = agent_browser.submit(shown.form(NEW))
    assert added.status == 303
    assert agent.get(f"/leads/{added.location.rpartition('/')[2]}").body["message"] == LONG.strip()


def test_change_of_another_user_meanwhile_is_a_conflict(
    agent_browser: HtmlClient, clock: MemoryClock, agent: Client, add_lead: AddLead
) -> None:
    lead = add_lead("zoe@example.com")
    edit = f"/dashboard/leads/{lead['id']}/edit"
    form = agent_browser.get(edit).form(edit)
    agent.patch(f"/leads/{lead['id']}", {"phone": "+4930901820"})
    asked = sent_too_late(agent_browser, clock, form, {"first_name": "Mine"})
    shown = sign_in_again(agent_browser, asked, "agent")
    conflict = agent_browser.submit(shown.form(edit))
    assert (conflict.status, "Mine" in conflict.html) == (409, True)


def test_form_is_kept_until_the_code_is_given(
    agent_browser: HtmlClient, clock: MemoryClock, container: Container
) -> None:
    manage = container.manage_second_factor()
    secret = manage.set_up(container.manage_users().one(OPERATOR, "agent")).secret
    factor = "/dashboard/account/second-factor"
    agent_browser.submit(agent_browser.get(factor).form(factor), {"code": pyotp.TOTP(secret).at(clock.now())})
    asked = sent_too_late(agent_browser, clock, agent_browser.get(NEW).form(NEW), CALL)
    code_page = sign_in_again(agent_browser, asked, "agent")
    wrong = agent_browser.submit(code_page.form("/sign-in/code"), {"code": "000000"})
    assert wrong.status == 401
    code = {"code": pyotp.TOTP(secret).at(clock.now())}
    shown = agent_browser.submit(wrong.form("/sign-in/code"), code)
    assert agent_browser.submit(shown.form(NEW)).status == 303


def test_form_of_another_site_is_not_kept(agent_browser: HtmlClient, clock: MemoryClock) -> None:
    clock.advance(MAX_SESSION_IDLE)
    sent = agent_browser.post(NEW, CALL)
    assert (sent.status, sent.location) == (303, "/sign-in")


@pytest.mark.parametrize(
    "kept",
    [
        "x",
        "[]",
        '{"a": 1, "b": 2}',
        json.dumps([NEW, 1]),
        json.dumps([NEW, [["one"]]]),
        json.dumps(["https://evil.example/dashboard", []]),
        json.dumps(["//evil.example", []]),
    ],
)
def test_other_text_in_place_of_a_form_is_ignored(
    html_client: HtmlClient, container: Container, kept: str
) -> None:
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, PHRASE)
    form = html_client.get("/sign-in").form("/sign-in")
    entered = html_client.submit(form, {"name": "ann", "password": PHRASE, "kept_form": kept})
    assert (entered.status, entered.location) == (303, "/dashboard")
