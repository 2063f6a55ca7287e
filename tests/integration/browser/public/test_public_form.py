"""The form for anonymous clients in a real browser: with and without JavaScript."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.integration.browser.public.conftest import FILLING, address_of, leads_of, leads_with
from tests.support.clients.accessibility import check_accessible
from tests.support.examples.sample_files import PDF
from tests.support.http import basic


def fill_in(page: Page, email: str) -> None:
    page.get_by_label("First name").fill("Ann")
    page.get_by_label("Last name").fill("Lee")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("I agree").check()
    page.wait_for_timeout(FILLING)


def a_file(folder: Path, size: int = 0) -> Path:
    path = folder / "cv.pdf"
    path.write_bytes(PDF + bytes(size))
    return path


def test_lead_with_a_file_is_submitted(
    html_client: Page, site: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    email = address_of("file", request)
    fill_in(html_client, email)
    html_client.get_by_label("Resume, documents or photos").set_input_files(a_file(tmp_path, 500_000))
    html_client.get_by_role("button", name="Send").click()
    expect(html_client.get_by_role("heading", name="Thank you")).to_be_visible()
    assert leads_of(html_client, site, email) == 1


def test_double_click_creates_one_lead(html_client: Page, site: str, request: pytest.FixtureRequest) -> None:
    email = address_of("double", request)
    fill_in(html_client, email)
    html_client.get_by_role("button", name="Send").dblclick()
    expect(html_client.get_by_role("heading", name="Thank you")).to_be_visible()
    assert leads_of(html_client, site, email) == 1


def test_first_error_has_focus_and_input_is_kept(
    html_client: Page, site: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    email = address_of("corrected", request)
    fill_in(html_client, "unknown")
    html_client.get_by_label("Resume, documents or photos").set_input_files(a_file(tmp_path))
    html_client.get_by_role("button", name="Send").click()
    errors = html_client.get_by_role("alert")
    expect(errors).to_be_focused()
    expect(html_client.get_by_label("First name")).to_have_value("Ann")
    expect(html_client.get_by_label("I agree")).to_be_checked()
    errors.get_by_role("link").click()
    expect(html_client.get_by_label("E-mail address")).to_be_focused()
    html_client.get_by_label("E-mail address").fill(email)
    html_client.get_by_role("button", name="Send").click()
    expect(html_client.get_by_role("heading", name="Thank you")).to_be_visible()
    assert leads_of(html_client, site, email) == 1


def test_too_large_file_keeps_the_input(html_client: Page, tmp_path: Path) -> None:
    fill_in(html_client, "large@example.com")
    html_client.get_by_label("Resume, documents or photos").set_input_files(a_file(tmp_path, 3_000_000))
    html_client.get_by_role("button", name="Send").click()
    expect(html_client.get_by_text("must not be larger than 1 MB").first).to_be_visible()
    expect(html_client.get_by_label("First name")).to_have_value("Ann")


def test_pages_do_not_scroll_sideways(html_client: Page) -> None:
    for path in ("/", "/thanks", "/form/embed"):
        html_client.goto(path)
        body = html_client.locator("body").bounding_box()
        widths = [
            box["width"]
            for one in html_client.locator("main, input, button").all()
            if (box := one.bounding_box())
        ]
        assert body
        assert max(widths) <= body["width"] == 360


def test_chosen_file_stays_chosen(tab: Page, site: str, tmp_path: Path) -> None:
    tab.goto("/")
    fill_in(tab, "unknown")
    tab.get_by_label("Resume, documents or photos").set_input_files(a_file(tmp_path))
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("alert")).to_be_focused()
    tab.get_by_label("E-mail address").fill("kept@example.com")
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("heading", name="Thank you")).to_be_visible()
    found = tab.request.get(
        f"{site}/leads",
        params={"email": "kept@example.com"},
        headers=basic(ADMIN, PASSWORD),
    )
    assert found.json()[0]["resume"]["filename"] == "cv.pdf"


def test_honeypot_is_hidden_from_users(tab: Page) -> None:
    tab.goto("/")
    met = []
    for _ in range(12):
        tab.keyboard.press("Tab")
        met.append(tab.evaluate("document.activeElement.id"))
    assert "leave_this_empty" not in met
    assert {"first_name", "email", "resume", "consent", "send"} <= set(met)


def test_form_errors_are_accessible(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("alert")).to_be_visible()
    check_accessible(tab)


def test_longest_message_with_line_breaks_is_accepted(
    html_client: Page, site: str, request: pytest.FixtureRequest
) -> None:
    email = address_of("long", request)
    fill_in(html_client, email)
    message = html_client.get_by_label("Your message")
    message.focus()
    longest = "\n".join(["ä" * 49] * 100) + "."  # a browser takes seconds for thousands of line breaks
    html_client.keyboard.insert_text(f"{longest}beyond the limit")
    assert len(message.input_value()) == 5_000, "the browser counts a line break as one character, too"
    html_client.get_by_role("button", name="Send").click()
    expect(html_client.get_by_role("heading", name="Thank you")).to_be_visible()
    [lead] = leads_with(html_client, site, email)
    assert lead["message"] == longest
