"""The page on which people change their own password."""

import pytest

from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.html_client import Seen, Visitor

PATH = "/dashboard/password"
NEW = "a better horse"


def change(visitor: Visitor, current: str, password: str, again: str | None = None) -> Seen:
    form = visitor.get(PATH).form(PATH)
    return visitor.submit(form, {"current": current, "password": password, "again": again or password})


def test_a_new_password_takes_the_place_of_the_old_one(signed_in: SignedIn, visitor: Visitor) -> None:
    agent = signed_in(Role.AGENT)
    assert change(agent, PHRASE, NEW).location == PATH
    assert "Your password was changed" in agent.get(PATH).html
    assert visitor.sign_in("agent", PHRASE).status == 401
    assert visitor.sign_in("agent", NEW).status == 303


def test_other_browsers_are_signed_out_and_old_cookies_open_nothing(
    signed_in: SignedIn, visitor: Visitor
) -> None:
    agent, elsewhere = signed_in(Role.AGENT), signed_in(Role.AGENT)
    kept = agent.cookie
    change(agent, PHRASE, NEW)
    assert (agent.get(PATH).status, elsewhere.get(PATH).status) == (200, 303)
    assert visitor.get(PATH, headers={"Cookie": kept}).status == 303


@pytest.mark.parametrize(
    ("current", "password", "again", "field"),
    [
        ("wrong", NEW, NEW, "current"),
        (PHRASE, NEW, "something else", "again"),
        (PHRASE, "x" * 1001, "x" * 1001, "password"),
    ],
)
def test_what_is_wrong_changes_nothing(
    signed_in: SignedIn, visitor: Visitor, current: str, password: str, again: str, field: str
) -> None:
    rejected = change(signed_in(Role.AGENT), current, password, again)
    assert rejected.status == 422
    assert f'id="{field}-error"' in rejected.html
    assert not {current, password, again} & set(rejected.form(PATH).values.values())
    assert visitor.sign_in("agent", PHRASE).status == 303


def test_guessing_the_current_one_is_limited(make_container: MakeContainer) -> None:
    container = make_container(login_rate_limit="2/minute")
    container.ensure_admin()("admin", PHRASE)
    visitor = Visitor.of(create_app(container))
    visitor.sign_in("admin", PHRASE)
    assert [change(visitor, "wrong", NEW).status for _ in range(3)] == [422, 422, 429]
