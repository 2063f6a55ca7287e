"""Signing in and out in a real browser."""

from playwright.sync_api import Page, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.support.clients.browsers import sign_in


def test_user_signs_in_and_out(tab: Page) -> None:
    tab.goto("/sign-in")
    sign_in(tab, ADMIN, PASSWORD)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    expect(tab.get_by_text(ADMIN).first).to_be_visible()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()


def test_requested_page_opens_after_sign_in(tab: Page) -> None:
    tab.goto("/dashboard?seen=1")
    sign_in(tab, ADMIN, PASSWORD)
    expect(tab).to_have_url("/dashboard?seen=1")


def test_no_page_violates_the_csp(agent_tab: Page) -> None:
    page_errors: list[str] = []
    agent_tab.on("console", lambda message: page_errors.append(message.text))
    agent_tab.on("pageerror", lambda error: page_errors.append(str(error)))
    agent_tab.reload()
    agent_tab.wait_for_load_state("networkidle")
    assert page_errors == []
