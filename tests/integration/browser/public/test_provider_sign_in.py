"""The whole way through a real OpenID provider, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.support.clients.accessibility import check_accessible
from tests.support.clients.browsers import sign_in
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
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_role("link", name="Sign in with 127.0.0.1").click()
    expect(tab).to_have_url(re.compile("/dashboard$"))  # the provider remembers the browser


def test_sign_in_page_is_accessible(tab: Page) -> None:
    tab.goto("/sign-in")
    check_accessible(tab)


def test_emergency_admin_signs_in_with_a_password(tab: Page) -> None:
    tab.goto("/sign-in")
    tab.get_by_text("in an emergency").click()
    sign_in(tab, ADMIN, PASSWORD)
    tab.wait_for_url("**/dashboard")
