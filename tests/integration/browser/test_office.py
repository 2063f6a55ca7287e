"""Reports, deliveries, users, keys and one's own password, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import check_accessible

PAGES = ("", "/reports", "/deliveries", "/users", "/users/admin", "/keys", "/password")


def test_the_sign_in_page_is_accessible(tab: Page) -> None:
    tab.goto("/sign-in")
    check_accessible(tab)


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_accessible(staff_tab: Page, path: str) -> None:
    staff_tab.goto(f"/dashboard{path}")
    check_accessible(staff_tab)


def test_a_key_is_added_and_revoked(staff_tab: Page) -> None:
    staff_tab.goto("/dashboard/keys")
    staff_tab.get_by_label("Name").fill("website")
    staff_tab.get_by_role("button", name="Add").click()
    expect(staff_tab.locator("code.secret")).to_contain_text("lt_")
    check_accessible(staff_tab)
    staff_tab.once("dialog", lambda dialog: dialog.dismiss())
    staff_tab.get_by_role("button", name="Revoke website").click()
    expect(staff_tab.get_by_role("button", name="Revoke website")).to_be_visible()
    staff_tab.once("dialog", lambda dialog: dialog.accept())
    staff_tab.get_by_role("button", name="Revoke website").click()
    expect(staff_tab.get_by_text("website opens nothing any more.")).to_be_visible()


def test_complaints_about_a_form_are_accessible(staff_tab: Page) -> None:
    staff_tab.goto("/dashboard/users")
    staff_tab.get_by_label("Name").fill("a:b")
    staff_tab.get_by_label("Password").fill("x")
    staff_tab.get_by_role("button", name="Add").click()
    expect(staff_tab.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    check_accessible(staff_tab)
