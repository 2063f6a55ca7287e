"""Work on leads in a real browser, with JavaScript and without."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.support.clients.accessibility import check_accessible
from tests.support.clients.browsers import sign_in
from tests.support.examples.xss_payloads import XSS_PAYLOADS
from tests.support.http import basic
from tests.support.servers.processes import Site

AddLead = Callable[..., str]
LEADS = "/dashboard/leads"
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def add_lead(site: str) -> AddLead:
    """Add a lead through the API and return the path of its page; keyword arguments are fields."""
    server, credentials = Site(int(site.rpartition(":")[2])), basic(ADMIN, PASSWORD)
    numbers = iter(range(1_000))

    def add(first_name: str = "Ann", last_name: str = "Lee", **rest: Any) -> str:
        fields = {
            "first_name": first_name,
            "last_name": last_name,
            "email": f"lead{next(numbers)}@example.com",
        }
        _, body = server.send("POST", "/leads", credentials, {**fields, **rest})
        found = re.search(rb'"id":"([^"]+)"', body)
        assert found, body
        return f"{LEADS}/{found[1].decode()}"

    return add


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def any_tab(
    request: pytest.FixtureRequest, chromium: Browser, site: str, session: StorageState
) -> Iterator[Page]:
    """A tab in which the admin is signed in, with JavaScript and without."""
    context = chromium.new_context(
        base_url=site, locale="en-GB", java_script_enabled=request.param, storage_state=session
    )
    tab = context.new_page()
    tab.goto(LEADS)
    yield tab
    context.close()


@pytest.fixture
def page_errors(agent_tab: Page) -> list[str]:
    """The errors that the browser reports, such as violations of the content security policy."""
    errors: list[str] = []
    agent_tab.on("console", lambda message: errors.append(message.text))
    agent_tab.on("pageerror", lambda error: errors.append(str(error)))
    agent_tab.on("dialog", lambda dialog: errors.append(dialog.message))
    return errors


def test_lead_workflow_in_a_browser(any_tab: Page, add_lead: AddLead) -> None:
    add_lead("Émile", "Okafor", resume="Carpenter since 2019.", message="Please call.")
    any_tab.get_by_label("Search").fill("oKAFOR emile")
    any_tab.get_by_role("button", name="Search", exact=True).click()
    any_tab.get_by_role("link", name="Émile Okafor").first.click()
    any_tab.get_by_role("link", name="Read the resume").click()
    expect(any_tab.get_by_text("Carpenter since 2019.")).to_be_visible()
    any_tab.get_by_role("link", name="Émile Okafor").click()
    any_tab.get_by_role("button", name="Contacted").click()
    expect(any_tab.get_by_text("Moved to Contacted.")).to_be_visible()
    any_tab.get_by_label("Add a note").fill("Spoke to him.\nHe will send papers.")
    any_tab.get_by_role("button", name="Add the note").click()
    expect(any_tab.get_by_text("The note was added.")).to_be_visible()
    any_tab.get_by_text("Schedule a follow-up", exact=True).click()
    any_tab.get_by_label("When").fill("2030-05-06T09:30")
    any_tab.get_by_label("Subject").fill("The papers")
    any_tab.get_by_role("button", name="Schedule").click()
    history = any_tab.locator(".timeline > li")
    expect(history).to_have_count(4)
    for position, said in enumerate(["6 May 2030, 09:30", "He will send papers.", "Contacted", "Received"]):
        expect(history.nth(position)).to_contain_text(said)


def test_concurrent_edit_shows_conflict(
    any_tab: Page, chromium: Browser, site: str, add_lead: AddLead
) -> None:
    path = add_lead("Ann", "Both")
    any_tab.goto(f"{path}/edit")
    other = chromium.new_context(base_url=site).new_page()
    other.goto(f"/sign-in?next={path}/edit")
    sign_in(other, ADMIN, PASSWORD)
    other.get_by_label("First name").fill("Theirs")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("The changes were saved.")).to_be_visible()
    any_tab.get_by_label("First name").fill("Mine")
    any_tab.get_by_label("Message").fill("Only mine")
    any_tab.get_by_role("button", name="Save").click()
    expect(any_tab.get_by_role("heading", name="Another user has changed this lead")).to_be_visible()
    expect(any_tab.locator(".theirs").first).to_have_text("Theirs")
    expect(any_tab.locator(".mine").first).to_have_text("Mine")
    any_tab.get_by_role("button", name="Overwrite with my changes").click()
    expect(any_tab.get_by_role("heading", name="Mine Both")).to_be_visible()
    expect(any_tab.get_by_text("Only mine").first).to_be_visible()
    other.context.close()


class TestTheList:
    """The list with its scripts."""

    def test_typed_search_updates_the_url(
        self, agent_tab: Page, context: BrowserContext, add_lead: AddLead, page_errors: list[str]
    ) -> None:
        add_lead("Zoë", "Quist")
        agent_tab.goto(LEADS)
        search = agent_tab.get_by_label("Search")
        search.press_sequentially("zoe q", delay=30)
        expect(agent_tab).to_have_url(re.compile(r"/dashboard/leads\?q=zoe\+q$"))
        expect(agent_tab.locator("tbody tr")).to_have_count(1)
        expect(agent_tab.get_by_role("status").filter(has_text="1 lead")).to_be_visible()
        expect(search).to_be_focused()
        shared = context.new_page()
        shared.goto(agent_tab.url)
        expect(shared.locator("tbody tr")).to_have_count(1)
        agent_tab.get_by_label("Lost", exact=True).check()
        expect(agent_tab.get_by_text("No matching leads")).to_be_visible()
        agent_tab.get_by_role("link", name="Show all leads").click()
        agent_tab.go_back()
        expect(agent_tab.get_by_text("No matching leads")).to_be_visible()
        assert page_errors == []

    def test_all_leads_of_page_can_be_moved(self, agent_tab: Page, add_lead: AddLead) -> None:
        for name in ("One", "Two"):
            add_lead(name, "Bulky")
        agent_tab.goto(LEADS)
        agent_tab.get_by_label("Search").fill("bulky")
        expect(agent_tab.locator("tbody tr")).to_have_count(2)
        agent_tab.get_by_label("Choose all leads of this page").check()
        agent_tab.get_by_label("Move the chosen leads to").select_option("LOST")
        agent_tab.get_by_role("button", name="Move", exact=True).click()
        expect(agent_tab.get_by_text("2 leads were moved to Lost.")).to_be_visible()
        expect(agent_tab.locator("tbody .badge.LOST")).to_have_count(2)


class TestTheBoard:
    """Cards that move by dragging and by buttons."""

    @pytest.fixture(autouse=True)
    def opened(self, agent_tab: Page, add_lead: AddLead, page_errors: list[str]) -> Iterator[str]:
        path = add_lead("Carla", "Card")
        agent_tab.goto("/dashboard/board")
        yield f"#card-{path.rpartition('/')[2]}"
        assert page_errors == []

    def test_card_can_be_dragged(self, agent_tab: Page, opened: str) -> None:
        agent_tab.drag_and_drop(f"{opened} .name", ".column.REACHED_OUT h2")
        expect(agent_tab.locator(f".column.REACHED_OUT {opened}")).to_be_visible()
        expect(agent_tab.locator("#messages")).to_contain_text("Carla Card moved to Contacted.")
        expect(agent_tab).to_have_url(re.compile("/dashboard/board$"))

    def test_illegal_drop_leaves_the_card(self, agent_tab: Page, opened: str) -> None:
        agent_tab.drag_and_drop(f"{opened} .name", ".column.CONVERTED h2")
        warning = "Carla Card cannot move from New to Converted."
        expect(agent_tab.locator("#messages")).to_contain_text(warning)
        expect(agent_tab.locator(f".column.PENDING {opened}")).to_be_visible()

    def test_card_moves_with_the_keyboard(self, agent_tab: Page, opened: str) -> None:
        agent_tab.locator(f"{opened} summary").focus()
        agent_tab.keyboard.press("Enter")
        agent_tab.keyboard.press("Tab")
        agent_tab.keyboard.press("Tab")
        agent_tab.keyboard.press("Enter")
        expect(agent_tab.locator(f".column.LOST {opened}")).to_be_visible()
        expect(agent_tab.locator(f"{opened} a")).to_be_focused()

    def test_rejected_move_returns_the_card(
        self, agent_tab: Page, context: BrowserContext, opened: str
    ) -> None:
        other = context.new_page()
        other.goto(f"{LEADS}/{opened.removeprefix('#card-')}")
        other.get_by_role("button", name="Lost").click()
        expect(other.get_by_text("Moved to Lost.")).to_be_visible()
        agent_tab.drag_and_drop(f"{opened} .name", ".column.REACHED_OUT h2")
        expect(agent_tab.locator("#messages")).to_contain_text("Another user has changed")
        expect(agent_tab.locator(f".column.LOST {opened}")).to_be_visible()


def test_server_error_is_shown_as_a_message(agent_tab: Page, add_lead: AddLead) -> None:
    card = f"#card-{add_lead('Forged', 'Card').rpartition('/')[2]}"
    agent_tab.goto("/dashboard/board")
    agent_tab.evaluate("document.querySelector('#mover [name=csrf_token]').value = 'forged'")
    agent_tab.drag_and_drop(f"{card} .name", ".column.LOST h2")
    expect(agent_tab.locator("#messages")).to_contain_text("Please reload it and try again.")
    expect(agent_tab.locator(f".column.PENDING {card}")).to_be_visible()


def test_card_moves_without_scripts(any_tab: Page, add_lead: AddLead) -> None:
    card = f"#card-{add_lead('Plain', 'Card').rpartition('/')[2]}"
    any_tab.goto("/dashboard/board")
    any_tab.locator(f"{card} summary").click()
    any_tab.locator(card).get_by_role("button", name="Lost").click()
    expect(any_tab.locator(f".column.LOST {card}")).to_be_visible()


def test_conflict_page_is_accessible(agent_tab: Page, context: BrowserContext, add_lead: AddLead) -> None:
    path = add_lead("Ann", "Axe", message="Hello")
    tabs = [agent_tab, context.new_page()]
    for tab in tabs:
        tab.goto(f"{path}/edit")
    for number, tab in enumerate(tabs):
        tab.get_by_label("Message").fill(f"Hello {number}")
        tab.get_by_role("button", name="Save").click()
    expect(tabs[1].get_by_role("heading", name="Another user has changed this lead")).to_be_visible()
    check_accessible(tabs[1])


def test_hostile_input_is_never_executed(agent_tab: Page, add_lead: AddLead, page_errors: list[str]) -> None:
    paths = [
        add_lead(text, text, message=text, source=text, phone=f"{text[:30]} 12345", resume=text)
        for text in XSS_PAYLOADS
    ]
    page_errors.clear()
    for path in (
        f"{LEADS}?limit=200&columns=source&columns=phone",
        "/dashboard/board",
        *paths,
        f"{paths[0]}/resume/text",
    ):
        agent_tab.goto(path)
        assert agent_tab.evaluate("window.hit") is None
    agent_tab.goto(LEADS)
    agent_tab.get_by_label("Search").fill("window")
    expect(agent_tab.get_by_role("status").filter(has_text="lead")).to_be_visible()
    assert agent_tab.evaluate("window.hit") is None
    assert page_errors == []


def test_printed_lead_page_has_no_forms(agent_tab: Page, add_lead: AddLead) -> None:
    agent_tab.goto(add_lead("Ann", "Printed", message="To be printed"))
    agent_tab.emulate_media(media="print")
    expect(agent_tab.get_by_text("To be printed")).to_be_visible()
    expect(agent_tab.locator(".timeline").get_by_text("Received", exact=True)).to_be_visible()
    expect(agent_tab.locator("form:visible, button:visible, nav:visible")).to_have_count(0)
