"""Invited users choose their passwords by a link."""

from datetime import timedelta

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from tests.integration.http.conftest import PHRASE
from tests.integration.http.pages.conftest import SignedIn
from tests.integration.http.pages.public.links import FORGOT, NEW, USERS, ask, choose, mailed
from tests.support.clients.html_client import HtmlClient
from tests.support.database import on_every_database
from tests.support.http import Client
from tests.support.memory.system import MemoryClock


@on_every_database
def test_invited_user_chooses_password(
    signed_in: SignedIn, html_client: HtmlClient, container: Container, admin: Client, clock: MemoryClock
) -> None:
    boss = signed_in(Role.ADMIN)
    given = {"name": "bob", "role": "agent", "email": "bob@example.com", "password": ""}
    assert boss.submit(boss.get(USERS).form(USERS), given).status == 303
    assert "bob is invited by e-mail." in boss.get(USERS).html
    assert "Invited" in boss.get(USERS).html
    assert html_client.sign_in("bob", PHRASE).status == 401
    first = mailed(container)
    assert (first.recipients, first.subject) == (["bob@example.com"], "Your account in LeadTracker")
    here = f"{USERS}/bob"
    assert boss.submit(boss.get(here).form(f"{here}/invite")).location == here
    assert html_client.get(first.path).status == 404
    clock.advance(timedelta(minutes=2))
    second = mailed(container)
    assert "Welcome" in html_client.get(second.path).html
    assert choose(html_client, second.path).status == 200
    assert html_client.sign_in("bob", NEW).location == "/dashboard"
    assert "needs no invitation" in boss.get(boss.post(f"{here}/invite", token_of(boss)).location).html
    actions = [entry["action"] for entry in admin.get("/audit").body if entry["subject"] == "bob"]
    assert actions[::-1] == [
        "user_invited",
        "sign_in_failed",
        "user_invited",
        "password_chosen",
        "signed_in",
    ]


def test_invitation_needs_an_address(signed_in: SignedIn) -> None:
    boss = signed_in(Role.ADMIN)
    rejected = boss.submit(boss.get(USERS).form(USERS), {"name": "bob", "role": "agent", "password": ""})
    assert rejected.status == 422
    assert 'id="email-error">This field is required.' in rejected.html


def test_late_invited_user_asks_for_another_link(
    signed_in: SignedIn, html_client: HtmlClient, container: Container, clock: MemoryClock
) -> None:
    signed_in(Role.ADMIN)
    container.invite_user()(OPERATOR, {"name": "bob", "role": "agent", "email": "bob@example.com"})
    late = mailed(container)
    clock.advance(timedelta(days=1))
    assert FORGOT in html_client.get(late.path).html
    ask(html_client, "bob")
    choose(html_client, mailed(container).path)
    assert html_client.sign_in("bob", NEW).status == 303


def test_invited_admin_does_not_count_as_the_last_admin(container: Container, signed_in: SignedIn) -> None:
    boss = signed_in(Role.ADMIN)
    container.invite_user()(OPERATOR, {"name": "bob", "role": "admin", "email": "bob@example.com"})
    here = f"{USERS}/admin"
    form = next(form for form in boss.get(here).forms if "disabled" in form.values)
    assert "last admin" in boss.get(boss.submit(form).location).html


def token_of(browser: HtmlClient) -> dict[str, str]:
    return {"csrf_token": browser.get("/dashboard").form("/sign-out").values["csrf_token"]}
