"""The second factor in a browser, with the keyboard alone, and the pages that only appear on the way."""

import pyotp
from playwright.sync_api import Browser, Page, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.support.clients.keyboard import PHONE, check, type_in


def sign_in_by_keyboard(page: Page) -> None:
    page.goto("/sign-in")
    type_in(page, "User name", ADMIN)
    type_in(page, "Password", PASSWORD)
    page.keyboard.press("Enter")


def test_second_factor_is_set_up_and_given_by_keyboard(chromium: Browser, site: str) -> None:
    page = chromium.new_context(base_url=site, locale="en-GB", viewport=PHONE).new_page()
    sign_in_by_keyboard(page)
    page.wait_for_url("**/dashboard")
    page.goto("/dashboard/account/second-factor")
    secret = page.locator("code.secret").text_content() or ""
    type_in(page, "2. Enter the code that the app shows", pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    codes = page.locator(".recovery-codes li")
    expect(codes).to_have_count(10)
    check(page)

    other = chromium.new_context(base_url=site, locale="en-GB", viewport=PHONE).new_page()
    sign_in_by_keyboard(other)
    other.wait_for_url("**/sign-in/code*")
    check(other)
    type_in(other, "Code of your authenticator app", "000000")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert")).to_contain_text("This code is wrong")
    check(other)
    type_in(other, "Code of your authenticator app", codes.first.inner_text())
    other.keyboard.press("Enter")
    other.wait_for_url("**/dashboard")

    other.goto("/dashboard/account")
    assert other.get_by_role("button", name="Sign out Chrome on Linux").count() == 1
    check(other)
    other.get_by_role("button", name="Sign out others").press("Enter")
    expect(other.locator("#messages")).to_contain_text("All other browsers were signed out.")
    page.goto("/dashboard")
    assert page.url.startswith(f"{site}/sign-in")


def test_form_for_a_lost_password_is_sent_by_keyboard(tab: Page) -> None:
    tab.goto("/forgot-password")
    type_in(tab, "User name or e-mail address", "unknown")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status")).to_contain_text("a link is on its way")
    check(tab)
