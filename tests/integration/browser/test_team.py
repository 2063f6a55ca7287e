"""Two colleagues share leads in a real browser: claims, handovers, and what fits on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.support.clients.accessibility import WIDE, check_accessible
from tests.support.http import basic
from tests.support.servers.processes import Site

LEADS = "/dashboard/leads"
AddLead = Callable[[str], None]


@pytest.fixture(scope="module")
def add_lead(site: str) -> AddLead:
    """Add a lead with that first name through the API."""
    server = Site(int(site.rpartition(":")[2]))

    def add(name: str) -> None:
        fields: dict[str, Any] = {
            "first_name": name,
            "last_name": "Team",
            "email": f"{name.lower()}@team.example",
            "message": "Please call me back. " * 5,
        }
        server.send("POST", "/leads", basic(ADMIN, PASSWORD), fields)

    return add


def test_lead_is_claimed_and_handed_over_by_clicks(agent_tab: Page, add_lead: AddLead) -> None:
    add_lead("Claimed")
    agent_tab.goto(f"{LEADS}?q=claimed")
    agent_tab.get_by_role("link", name="Claimed Team").click()
    agent_tab.get_by_role("button", name="Claim this lead").click()
    expect(agent_tab.get_by_text("You own this lead now.")).to_be_visible()
    check_accessible(agent_tab)
    agent_tab.goto(LEADS)
    agent_tab.get_by_role("link", name="Mine").click()
    expect(agent_tab.get_by_role("link", name="Claimed Team")).to_be_visible()
    agent_tab.get_by_role("link", name="Claimed Team").click()
    agent_tab.get_by_text("Hand over", exact=True).first.click()
    agent_tab.locator("select#owner").select_option("No owner")
    agent_tab.get_by_role("button", name="Hand over").click()
    expect(agent_tab.get_by_text("This lead has no owner now.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_chosen_leads_are_counted_and_handed_over(agent_tab: Page, add_lead: AddLead, width: int) -> None:
    for number in range(12):
        add_lead(f"Bulk{width}x{number}")
    agent_tab.set_viewport_size(ViewportSize(width=width, height=740))
    agent_tab.goto(f"{LEADS}?q=bulk{width}x")
    expect(agent_tab.locator("#found")).to_have_text("12 leads")
    for box in agent_tab.locator("[name=lead]").all()[:2]:
        box.check()
    expect(agent_tab.get_by_text("2 leads chosen")).to_be_in_viewport()
    expect(agent_tab.get_by_role("button", name="Hand over")).to_be_in_viewport()
    assert agent_tab.locator(".list-foot").bounding_box()["height"] < 740 / 3  # type: ignore[index]
    assert agent_tab.evaluate("document.documentElement.scrollWidth") == width
    if width == WIDE["width"]:  # it looks at both widths
        check_accessible(agent_tab)
    agent_tab.locator("#bulk-owner").select_option(ADMIN)
    agent_tab.get_by_role("button", name="Hand over").click()
    expect(agent_tab.get_by_text(f"2 leads were handed over to {ADMIN}.")).to_be_visible()


@pytest.mark.parametrize("path", [f"{LEADS}?owner=me", "/dashboard/board?owner=me"])
def test_pages_of_owners_fit_a_phone(agent_tab: Page, add_lead: AddLead, path: str) -> None:
    add_lead("Phone")
    agent_tab.set_viewport_size(ViewportSize(width=320, height=740))
    agent_tab.goto(path)
    assert agent_tab.evaluate("document.documentElement.scrollWidth") == 320
    check_accessible(agent_tab)


def test_password_can_be_shown(tab: Page) -> None:
    tab.goto("/sign-in")
    password = tab.get_by_label("Password", exact=True)
    password.fill("visible words")
    expect(password).to_have_attribute("type", "password")
    tab.get_by_label("Show the password").check()
    expect(password).to_have_attribute("type", "text")


def test_back_after_a_corrected_error_sends_nothing_again(agent_tab: Page) -> None:
    new = f"{LEADS}/new"
    agent_tab.goto(new)
    agent_tab.get_by_role("button", name="Add the lead").click()
    expect(agent_tab.get_by_role("alert")).to_be_visible()
    agent_tab.get_by_label("First name").fill("Corrected")
    agent_tab.get_by_label("E-mail", exact=True).fill("corrected@team.example")
    agent_tab.get_by_role("button", name="Add the lead").click()
    expect(agent_tab.get_by_text("The lead was added.")).to_be_visible()
    sent = []
    agent_tab.on("request", lambda request: sent.append(request.method))
    agent_tab.go_back()
    agent_tab.wait_for_url(f"**{new}")
    expect(agent_tab.get_by_label("First name")).to_be_visible()
    assert "POST" not in sent
