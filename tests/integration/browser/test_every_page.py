"""Every page with names of 100 characters: no violations of axe, and readable on a phone of 320 pixels.

The pages come from the table of all routes: a new one is covered, or fails here.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from tests.integration.browser.conftest import PASSWORD
from tests.integration.browser.long_names import UNBROKEN, LongNames
from tests.integration.http.pages.test_access import TABLE
from tests.support.clients.accessibility import WIDE, check_accessible, check_readable
from tests.support.clients.browsers import sign_in
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program, Site

NO_PAGES = {
    "/.well-known/security.txt",
    "/dashboard/audit/audit.csv",
    "/dashboard/import/{import_id}/rejected",
    "/dashboard/leads/export",
    "/dashboard/leads/new/known",
    "/dashboard/leads/{lead_id}/attachments/{attachment_id}",
    "/dashboard/leads/{lead_id}/export",
    "/dashboard/leads/{lead_id}/resume",
    "/dashboard/statistics/statistics.csv",
    "/sign-in/oidc",
    "/sign-in/oidc/callback",
    "/static/{name}",
}
"""Files, parts of a page, and steps on the way to a provider and back."""

QUERIES = (
    "/dashboard/leads?q=zzzz",
    "/dashboard/leads?created_from=x&limit=0",
    "/dashboard/leads?sort=-name",
    "/dashboard/leads?columns=resume&columns=source&columns=email&columns=phone&columns=owner",
    "/dashboard/leads?columns=utm_campaign&columns=referrer&columns=landing_page&utm_source=x",
    "/dashboard/deliveries?state=failed",
    "/dashboard/quarantine?reason=invalid",
    "/dashboard/statistics?weeks=52",
    "/dashboard/statistics?from=x&to=2026-11-16",
    "/dashboard/unknown",
    "/dashboard/leads/unknown",
    "/unknown",
)
PUBLIC = sorted(path for method, path in TABLE if method == "GET" and not path.startswith("/dashboard"))
DASHBOARD = sorted(path for method, path in TABLE if method == "GET" and path.startswith("/dashboard"))
PATHS = [path for path in (*PUBLIC, *DASHBOARD) if path not in NO_PAGES]

_SLOW_MILLISECONDS = 120_000


@pytest.fixture(scope="module")
def program(program: Program) -> Program:
    """An installation with a name of 100 characters that has sealed a week, and whose form is broken."""
    long = program.with_settings(
        ORGANISATION=UNBROKEN, CONSENT_TEXT=UNBROKEN, RETENTION="LOST=24,PENDING=24,CONVERTED=1200"
    )
    assert long.run("report", "send").status in {0, 1}
    detail = {"code": "form_showed", "data": {"host": UNBROKEN, "status": "422", "message": UNBROKEN}}
    RawDatabase(f"sqlite:///{long.folder}/data/leadtracker.db").execute(
        "INSERT INTO canary_runs (day, attempt, secret, started_at, finished_at, failure, detail) "
        "VALUES ('2026-11-18', 3, 'secret', '2026-11-18T12:00:00.000000Z', '2026-11-18T12:00:00.000000Z', "
        "'rejected', ?)",
        json.dumps(detail),
    )
    return long


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, site: str, session: StorageState) -> BrowserContext:
    """A browser in which the admin is signed in."""
    return chromium.new_context(base_url=site, locale="en-GB", storage_state=session)


@pytest.fixture(scope="module")
def ids(signed_in: BrowserContext, site: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The ids in the paths of pages, of records with long names."""
    folder: Path = tmp_path_factory.mktemp("uploads")
    return LongNames(Site(int(site.rpartition(":")[2]))).store(signed_in.new_page(), folder)


@pytest.fixture
def page(signed_in: BrowserContext, context: BrowserContext, path: str) -> Iterator[Page]:
    """A tab: public pages are opened by a browser that is not signed in."""
    with (signed_in if path.startswith("/dashboard") else context).new_page() as page:
        yield page


@pytest.mark.parametrize("path", [*PATHS, *QUERIES])
def test_page_with_long_names_is_accessible_and_readable(page: Page, ids: dict[str, str], path: str) -> None:
    page.goto(path.format_map(ids))
    for details in page.locator("main details").all()[:8]:
        details.evaluate("one => one.open = true")
    check_accessible(page)
    check_readable(page)


def open_bulk_result(page: Page, _ids: dict[str, str]) -> None:
    page.goto("/dashboard/leads")
    page.get_by_label("Choose all leads of this page").check()
    page.get_by_label("Move the chosen leads to").select_option("CONVERTED")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("were not changed")


def open_lead_moved_to_lost(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/dashboard/leads/{ids['lead_id']}")
    page.get_by_role("button", name="Lost").click()
    expect(page.get_by_label("Why was the lead lost?")).to_have_count(1)


def open_errors_of_an_edited_lead(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/dashboard/leads/{ids['lead_id']}/edit")
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.get_by_label("E-mail").fill(UNBROKEN)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()


def open_errors_of_a_corrected_submission(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/dashboard/quarantine/{ids['quarantined_lead_id']}")
    page.get_by_role("button", name="Create the lead").click()
    expect(page.locator(".field-error").first).to_be_visible()


def open_columns_without_a_name(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/dashboard/import/files/{ids['file_id']}")
    for column in page.locator("td select").all():
        column.select_option("Leave out")
    page.get_by_role("button", name="Update the preview").click()
    expect(page.get_by_role("alert")).to_be_visible()


def open_forged_form(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/dashboard/leads/{ids['lead_id']}")
    page.locator("form.transitions [name=csrf_token]").evaluate("one => one.value = 'forged'")
    page.locator("form.transitions button").first.click()
    expect(page.get_by_role("heading", name="Please try again")).to_be_visible()


@pytest.mark.parametrize(
    "open_result",
    [
        open_bulk_result,
        open_columns_without_a_name,
        open_errors_of_a_corrected_submission,
        open_errors_of_an_edited_lead,
        open_forged_form,
        open_lead_moved_to_lost,
    ],
)
def test_page_after_a_sent_form_is_accessible_and_readable(
    signed_in: BrowserContext, ids: dict[str, str], open_result: Callable[[Page, dict[str, str]], None]
) -> None:
    with signed_in.new_page() as page:
        open_result(page, ids)
        check_accessible(page)
        check_readable(page)


@pytest.mark.parametrize("width", [1100, 1280])
def test_list_with_long_names_fits_into(signed_in: BrowserContext, ids: dict[str, str], width: int) -> None:
    page = signed_in.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/dashboard/leads")
    table, place = page.locator("table.leads"), page.locator(".scroll")
    assert page.get_by_role("columnheader", name="Next follow-up").is_visible()
    assert ids["lead_id"] in table.inner_html()
    assert place.evaluate("one => one.scrollWidth - one.clientWidth") == 0
    address = page.get_by_role("link", name="maria.hohenstein@langenburg.example")
    assert address.evaluate(
        "one => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight"
    )


@pytest.mark.parametrize("width", [801, 1000, 1265])
def test_navigation_has_one_line(signed_in: BrowserContext, width: int) -> None:
    page = signed_in.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/dashboard?lang=de")
    assert page.locator(".bar nav ul").evaluate("one => one.clientHeight") < 50  # pixels


def test_long_user_name_fits_into_the_bar(context: BrowserContext, ids: dict[str, str]) -> None:
    page = context.new_page()
    page.goto("/sign-in")
    sign_in(page, ids["user"], PASSWORD)
    page.wait_for_url("**/dashboard/account")  # an admin has chosen the password
    for width in (320, 801, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("header.bar").evaluate("one => one.clientHeight") < 110  # pixels, two lines


def test_links_of_the_board_are_above_it(signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    page.set_viewport_size({"width": 640, "height": 400})  # 1280 pixels at 200 %
    page.goto("/dashboard/board")
    links, board = page.locator(".column-links").bounding_box(), page.locator("#board").bounding_box()
    assert links
    assert board
    assert links["width"] == board["width"]


def test_print_is_light_and_has_charts(signed_in: BrowserContext) -> None:
    page = signed_in.new_page()
    page.goto("/dashboard/reports")
    page.emulate_media(media="print", color_scheme="dark")
    background = page.locator("main .card").first.evaluate("one => getComputedStyle(one).backgroundColor")
    assert background == "rgb(255, 255, 255)"
    colour = page.locator(".ledger .muted").first.evaluate("one => getComputedStyle(one).color")
    assert colour == "rgb(84, 93, 106)"
    page.goto("/dashboard/statistics")
    assert (
        page.locator(".chart .wide rect.bar").first.evaluate("one => getComputedStyle(one).display")
        == "inline"
    )


def test_api_documentation_is_accessible_and_readable(tab: Page) -> None:
    tab.goto("/docs#/Work/addNote")
    operation = tab.locator("#operations-Work-addNote")
    # Swagger UI computes for seconds until it shows all operations, and longer on a busy machine.
    operation.get_by_role("button", name="Try it out").click(timeout=_SLOW_MILLISECONDS)
    operation.get_by_role("textbox", name="lead_id").fill("unknown")
    operation.get_by_role("button", name="Execute").click()
    operation.get_by_role("heading", name="Server response").wait_for()
    check_accessible(tab)
    check_readable(tab)
    tab.set_viewport_size(WIDE)
    tab.get_by_role("button", name="Authorize").click()
    tab.get_by_role("heading", name="Available authorizations").wait_for()
    check_accessible(tab, ".dialog-ux")
