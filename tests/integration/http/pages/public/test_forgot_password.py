"""Links by e-mail for forgotten passwords."""

import re

import pytest
from attrs import evolve

from leadtracker.container import Container
from leadtracker.domain.errors import LinkInvalid
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.account_link import LINK_LIFETIME, MAX_RESETS_PER_LIFETIME
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.integration.http.pages.public.links import CHOOSE, FORGOT, NEW, ask, choose, mailed
from tests.support.clients.html_client import HtmlClient
from tests.support.clock import MICROSECOND
from tests.support.database import on_every_database
from tests.support.http import Client
from tests.support.instruments.concurrency import run_in_threads
from tests.support.instruments.deliveries import deliver
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase


@pytest.fixture(autouse=True)
def _ann(container: Container) -> None:
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, PHRASE, "ann@example.com")


@on_every_database
@pytest.mark.parametrize("typed", ["ann", " Ann@EXAMPLE.com "])
def test_forgotten_password_is_replaced(
    container: Container, html_client: HtmlClient, signed_in: SignedIn, typed: str
) -> None:
    signed_in(Role.ADMIN)
    before = HtmlClient.of(create_app(container))
    before.sign_in("ann", PHRASE)
    ask(html_client, typed)
    mail = mailed(container)
    assert (mail.recipients, mail.subject) == (["ann@example.com"], "Choose a new password for LeadTracker")
    assert "ann" in mail.text
    for _ in range(3):  # programs open links of mails, too
        assert html_client.get(mail.path).status == 200
    done = choose(html_client, mail.path)
    assert (done.status, "Your password is set" in done.html) == (200, True)
    assert before.get("/dashboard").status == 303
    assert html_client.sign_in("ann", PHRASE).status == 401
    assert html_client.sign_in("ann", NEW).status == 303
    assert html_client.get(mail.path).status == 404


def test_response_is_the_same_for_unknown_names(html_client: HtmlClient, container: Container) -> None:
    container.manage_users().add(OPERATOR, "bob", Role.AGENT, PHRASE)
    container.manage_users().add(OPERATOR, "zoe", Role.AGENT, PHRASE, "zoe@example.com")
    container.manage_users().disable(OPERATOR, "zoe")
    pages = [
        ask(html_client, typed)
        for typed in ("ann", "bob", "zoe", "zoe@example.com", "unknown", "x@example.com", "", "x" * 5_000)
    ]
    assert {page.status for page in pages} == {200}
    assert len({page.html for page in pages}) == 1
    assert mailed(container).recipients == ["ann@example.com"]


def test_address_of_two_users_names_neither(html_client: HtmlClient, container: Container) -> None:
    container.manage_users().add(OPERATOR, "bob", Role.AGENT, PHRASE, "ann@example.com")
    ask(html_client, "ann@example.com")
    assert mailed(container).recipients == []
    ask(html_client, "bob")
    assert mailed(container).recipients == ["ann@example.com"]


def test_link_expires_after_an_hour(
    html_client: HtmlClient, container: Container, clock: MemoryClock, raw_db: RawDatabase
) -> None:
    ask(html_client, "ann")
    path = mailed(container).path
    clock.advance(LINK_LIFETIME - MICROSECOND)
    assert html_client.get(path).status == 200
    clock.advance(MICROSECOND)
    expired, unknown = html_client.get(path), html_client.get(f"{CHOOSE}?token={'x' * 43}")
    assert (expired.status, expired.html) == (unknown.status, unknown.html) == (404, expired.html)
    assert container.enqueue_account_mails().purge_expired() == 1
    assert path.rpartition("=")[2] not in raw_db.dump()


def test_token_is_not_stored_in_plain_text(
    html_client: HtmlClient, container: Container, raw_db: RawDatabase
) -> None:
    ask(html_client, "ann")
    token = mailed(container).path.rpartition("=")[2]
    assert token not in raw_db.dump()


@on_every_database
def test_link_works_once_with_simultaneous_clicks(container: Container, html_client: HtmlClient) -> None:
    ask(html_client, "ann")
    token = mailed(container).path.rpartition("=")[2]

    def use(number: int) -> bool:
        try:
            container.choose_password()(token, f"a better horse {number}", None)
        except LinkInvalid:
            return False
        return True

    used = run_in_threads(4, use)
    assert sorted(used) == [False, False, False, True]
    assert html_client.sign_in("ann", f"a better horse {used.index(True)}").status == 303


@pytest.mark.parametrize("fields", [{"password": "another good horse"}, {"disabled": True}])
def test_change_of_account_ends_links(
    html_client: HtmlClient, container: Container, fields: dict[str, object]
) -> None:
    ask(html_client, "ann")
    path = mailed(container).path
    container.manage_users().change(OPERATOR, "ann", fields)
    assert html_client.get(path).status == 404


def test_new_password_ends_other_links(html_client: HtmlClient, container: Container) -> None:
    paths = []
    for _ in range(2):
        ask(html_client, "ann")
        paths.append(mailed(container).path)
    choose(html_client, paths[0])
    assert html_client.get(paths[1]).status == 404


@pytest.mark.parametrize(
    ("password", "again", "field"), [("short", None, "password"), (NEW, "other", "again")]
)
def test_invalid_password_leaves_the_link_valid(
    html_client: HtmlClient, container: Container, password: str, again: str | None, field: str
) -> None:
    ask(html_client, "ann")
    path = mailed(container).path
    rejected = choose(html_client, path, password, again)
    assert (rejected.status, f'id="{field}-error"' in rejected.html) == (422, True)
    assert choose(html_client, path).status == 200


def test_user_is_mailed_few_links_in_an_hour(
    html_client: HtmlClient, container: Container, clock: MemoryClock
) -> None:
    for _ in range(MAX_RESETS_PER_LIFETIME + 3):
        assert ask(html_client, "ann").status == 200
    assert len(mailed(container).recipients) == MAX_RESETS_PER_LIFETIME
    clock.advance(LINK_LIFETIME)
    ask(html_client, "ann")
    assert len(mailed(container).recipients) == 1


def test_requests_of_an_address_are_limited(make_container: MakeContainer) -> None:
    browser = HtmlClient.of(create_app(make_container(login_rate_limit="2/minute")))
    pages = [ask(browser, "unknown") for _ in range(3)]
    assert [page.status for page in pages] == [200, 200, 429]
    assert int(pages[2].response.headers["Retry-After"]) > 0


def test_mail_of_an_expired_link_is_cancelled(
    html_client: HtmlClient, container: Container, clock: MemoryClock, admin: Client
) -> None:
    ask(html_client, "ann")
    container.enqueue_account_mails()()
    clock.advance(LINK_LIFETIME)
    assert deliver(container) == []
    [delivery] = admin.get("/deliveries").body
    assert (delivery["kind"], delivery["state"]) == ("password_reset", "cancelled")


@on_every_database
def test_requests_and_passwords_are_audited(
    html_client: HtmlClient, container: Container, admin: Client
) -> None:
    for typed in ("ann", "my secret pass phrase"):
        ask(html_client, typed)
    choose(html_client, mailed(container).path)
    requested = admin.get("/audit", action="password_reset_requested").body
    assert sorted(entry["subject"] for entry in requested) == ["", "ann"]
    [chosen] = admin.get("/audit", action="password_chosen").body
    assert (chosen["actor"], chosen["subject"], chosen["network"]) == ("user:ann", "ann", "127.0.0.0/24")


def test_second_factor_stays_after_a_reset(
    html_client: HtmlClient, container: Container, clock: MemoryClock
) -> None:
    with container.unit_of_work()() as tx:
        tx.users.save(evolve(tx.users.get("ann"), second_factor_at=clock.now()))
        tx.commit()
    ask(html_client, "ann")
    choose(html_client, mailed(container).path)
    assert html_client.sign_in("ann", NEW).location.startswith("/sign-in/code")


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_pages_are_in_the_language_of_the_reader(
    html_client: HtmlClient, container: Container, language: str
) -> None:
    ask(html_client, "ann")
    for path in (
        f"{FORGOT}?lang={language}",
        f"{mailed(container).path}&lang={language}",
        f"{CHOOSE}?lang={language}",
    ):
        page = html_client.get(path)
        assert f'<html lang="{language}"' in page.html
        assert not [
            text for text in ("password", "link", "Sign in") if text in re.sub("<[^>]+>", "", page.html)
        ]


def test_mail_is_in_the_language_of_the_installation(make_container: MakeContainer) -> None:
    container = make_container(language="de")
    ask(HtmlClient.of(create_app(container)), "ann")
    assert mailed(container).subject == "Neues Passwort für LeadTracker wählen"
