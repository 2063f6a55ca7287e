"""The page on which users change their password."""

import pytest

from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.clients.html_client import HtmlClient, HtmlPage

PATH = "/dashboard/password"
NEW = "a better horse"


def change(html_client: HtmlClient, current: str, password: str, again: str | None = None) -> HtmlPage:
    form = html_client.get(PATH).form(PATH)
    return html_client.submit(form, {"current": current, "password": password, "again": again or password})


def test_new_password_replaces_the_old_one(signed_in: SignedIn, html_client: HtmlClient) -> None:
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
    ],
)
def test_invalid_change_changes_nothing(
    signed_in: SignedIn, html_client: HtmlClient, current: str, password: str, again: str, field: str
) -> None:
    rejected = change(signed_in(Role.AGENT), current, password, again)
    assert rejected.status == 422
    assert f'id="{field}-error"' in rejected.html
    assert not {current, password, again} & set(rejected.form(PATH).values.values())
    assert html_client.sign_in("agent", PHRASE).status == 303


def test_password_guessing_is_limited(make_container: MakeContainer) -> None:
    container = make_container(login_rate_limit="2/minute")
    container.ensure_admin()("admin", PHRASE)
    html_client = HtmlClient.of(create_app(container))
    html_client.sign_in("admin", PHRASE)
    assert [change(html_client, "wrong", NEW).status for _ in range(3)] == [422, 422, 429]
