"""The whole way through a real OpenID provider, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.support.clients.browsers import sign_in
from tests.support.clients.keyboard import check, reach, type_in
from tests.support.raw_database import RawDatabase
from tests.support.servers.openid.provider import Provider, run_provider
from tests.support.servers.processes import Program, Site


@pytest.fixture(scope="module")
def provider(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """A provider that sends browsers back to the program."""
    folder: Path = tmp_path_factory.mktemp("provider")
    redirect_uri = f"http://127.0.0.1:{program.settings['PORT']}/sign-in/oidc/callback"
    with run_provider(folder, redirect_uri) as provider:
        yield provider


@pytest.fixture(scope="module")
def site(program: Program, provider: Provider) -> Iterator[str]:
    """The base URL of a server that trusts the provider."""
    port = int(str(program.settings["PORT"]))
    trusting = program.with_settings(
        OIDC_ISSUER=provider.issuer,
        OIDC_CLIENT_ID=provider.client_id,
        OIDC_CLIENT_SECRET=provider.client_secret,
        OIDC_ROLES="partners=admin,staff=agent",
        PASSWORD_SIGN_IN="off",
    )
    assert "ok    provider" in trusting.run("doctor").out
    with trusting.start("web"):
        Site(port).wait_until_ready()
        yield f"http://127.0.0.1:{port}"


def test_person_signs_in_with_the_provider_out_and_in_again(tab: Page, provider: Provider) -> None:
    tab.goto("/dashboard/users")
    tab.get_by_role("link", name="Sign in with 127.0.0.1").click()
    expect(tab.get_by_role("heading", name="Office login")).to_be_visible()
    tab.get_by_label("Username").fill("ann")
    tab.get_by_label("Password").fill(str(provider.person["password"]))
    tab.get_by_role("button", name="Log in").click()
    expect(tab).to_have_url(re.compile("/dashboard/users$"))
    expect(tab.get_by_role("link", name="ann", exact=True).first).to_be_visible()
    tab.goto("/sign-in/oidc")
    expect(tab).to_have_url(re.compile("/dashboard$"))  # the provider remembers the browser
    tab.get_by_role("button", name="Sign out").click()
    expect(tab).to_have_url(re.compile("/sign-in$"))  # the provider has sent the browser back
    tab.get_by_role("link", name="Sign in with 127.0.0.1").click()
    expect(tab.get_by_role("heading", name="Office login")).to_be_visible()


def sign_in_there(tab: Page, provider: Provider) -> None:
    """Fill in the form of the provider."""
    expect(tab.get_by_role("heading", name="Office login")).to_be_visible()
    tab.get_by_label("Username").fill("ann")
    tab.get_by_label("Password").fill(str(provider.person["password"]))
    tab.get_by_role("button", name="Log in").click()


def test_form_is_kept_while_the_person_signs_in_again(
    tab: Page, provider: Provider, program: Program
) -> None:
    tab.goto("/sign-in/oidc?next=/dashboard/keys")
    sign_in_there(tab, provider)
    expect(tab).to_have_url(re.compile("/dashboard/keys$"))
    type_in(tab, "Name", "website")
    raw = RawDatabase(f"sqlite:///{program.folder}/data/leadtracker.db")
    raw.execute("UPDATE sessions SET confirmed_at = ?", "2020-01-01T00:00:00.000000Z")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    check(tab)
    reach(tab, tab.get_by_role("link", name="Sign in again"))
    tab.keyboard.press("Enter")
    sign_in_there(tab, provider)
    expect(tab.get_by_role("heading", name="Send your form")).to_be_visible()
    check(tab)
    reach(tab, tab.get_by_role("button", name="Send it now"))
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("lt_")).to_be_visible()


def test_session_is_renewed_at_the_provider_and_ends_with_its_refresh_token(
    tab: Page, provider: Provider, site: str, program: Program
) -> None:
    tab.goto("/sign-in/oidc")
    sign_in_there(tab, provider)
    expect(tab).to_have_url(re.compile("/dashboard$"))
    raw = RawDatabase(f"sqlite:///{program.folder}/data/leadtracker.db")
    sealed = raw.execute("SELECT sealed_tokens FROM sessions ORDER BY started_at DESC LIMIT 1")
    for is_known, path in ((True, "/dashboard"), (False, "/sign-in")):
        if not is_known:
            provider.forget_refresh_tokens()
        raw.execute("UPDATE sessions SET checked_at = ?", "2020-01-01T00:00:00.000000Z")
        tab.goto("/dashboard")
        assert tab.url.removeprefix(site).partition("?")[0] == path
        assert raw.execute("SELECT sealed_tokens FROM sessions ORDER BY started_at DESC LIMIT 1") != sealed


def test_page_between_both_sign_outs_is_accessible(tab: Page, provider: Provider) -> None:
    tab.goto("/sign-in/oidc")
    sign_in_there(tab, provider)
    expect(tab).to_have_url(re.compile("/dashboard$"))

    def stay(route: Route) -> None:
        response = route.fetch()
        headers = {name: value for name, value in response.headers.items() if name != "refresh"}
        route.fulfill(response=response, headers=headers)

    tab.route("**/sign-out", stay)
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", name="You are signed out of LeadTracker")).to_be_visible()
    check(tab)


def test_sign_in_page_is_accessible_also_after_a_rejected_response(tab: Page) -> None:
    for path in ("/sign-in", "/sign-in/oidc/callback?code=1&state=2"):
        tab.goto(path)
        check(tab)
    expect(tab.get_by_role("alert")).to_contain_text("did not succeed")


def test_emergency_admin_signs_in_with_a_password(tab: Page) -> None:
    tab.goto("/sign-in")
    tab.get_by_text("in an emergency").click()
    sign_in(tab, ADMIN, PASSWORD)
    tab.wait_for_url("**/dashboard")
