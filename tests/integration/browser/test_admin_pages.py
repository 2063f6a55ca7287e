"""Reports, deliveries, users, API keys and the password page, in a real browser."""

from playwright.sync_api import Page, expect

from tests.support.clients.accessibility import check_accessible


def test_api_key_is_added_and_revoked(agent_tab: Page) -> None:
    agent_tab.goto("/dashboard/keys")
    agent_tab.get_by_label("Name").fill("website")
    agent_tab.get_by_role("button", name="Add").click()
    expect(agent_tab.locator("code.secret")).to_contain_text("lt_")
    check_accessible(agent_tab)
    agent_tab.once("dialog", lambda dialog: dialog.dismiss())
    agent_tab.get_by_role("button", name="Revoke website").click()
    expect(agent_tab.get_by_role("button", name="Revoke website")).to_be_visible()
    agent_tab.once("dialog", lambda dialog: dialog.accept())
    agent_tab.get_by_role("button", name="Revoke website").click()
    expect(agent_tab.get_by_text("website was revoked.")).to_be_visible()


def test_form_errors_are_accessible(agent_tab: Page) -> None:
    agent_tab.goto("/dashboard/users")
    agent_tab.get_by_label("Name").fill("a:b")
    agent_tab.get_by_label("Password", exact=True).fill("x")
    agent_tab.get_by_role("button", name="Add").click()
    expect(agent_tab.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    check_accessible(agent_tab)
