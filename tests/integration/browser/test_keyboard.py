"""Support for keyboards and screen readers on the pages of the dashboard."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.support.clients.accessibility import NARROW, WIDE
from tests.support.servers.processes import Site

PAGES = (
    ("/dashboard/leads", WIDE),
    ("/dashboard/leads/new", WIDE),
    ("/dashboard/users", WIDE),
    ("/dashboard/account", WIDE),
    ("/dashboard/leads", NARROW),
    ("/dashboard/leads/new", NARROW),
)
_FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const isShown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  for (let around = one; around; around = around.parentElement) {
    if (getComputedStyle(around).clipPath !== "none") return `clipped: ${one.outerHTML.slice(0, 120)}`;
  }
  const isInWidth = box.width > 0 && box.right > 0 && box.left < innerWidth;
  const isInHeight = box.bottom > 0 && box.top < innerHeight;
  return isShown && isInWidth && isInHeight ? "" : one.outerHTML.slice(0, 120);
}"""
_MAX_STOPS = 60


@pytest.fixture(scope="module", autouse=True)
def _lead(site: str) -> None:
    """A lead, without which its list has no header."""
    fields = {"first_name": "Ann", "email": "ann@example.com"}
    status, _body = Site(int(site.rpartition(":")[2])).send("POST", "/leads", json=fields)
    assert status == 201


@pytest.mark.parametrize(("path", "size"), PAGES)
def test_focus_is_visible_at_every_stop(agent_tab: Page, path: str, size: ViewportSize) -> None:
    agent_tab.set_viewport_size(size)
    agent_tab.emulate_media(reduced_motion="reduce")
    agent_tab.goto(path)
    stops = []
    for _ in range(_MAX_STOPS):
        agent_tab.keyboard.press("Tab")
        stop = agent_tab.evaluate(_FOCUS)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) > 5
    assert [stop for stop in stops if stop] == []


def test_first_stop_skips_navigation(agent_tab: Page) -> None:
    agent_tab.goto("/dashboard/leads")
    agent_tab.keyboard.press("Tab")
    expect(agent_tab.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    agent_tab.keyboard.press("Enter")
    expect(agent_tab.locator("main")).to_be_focused()
    agent_tab.keyboard.press("Tab")
    assert agent_tab.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_escape_closes_the_menu(agent_tab: Page) -> None:
    agent_tab.set_viewport_size(NARROW)
    agent_tab.goto("/dashboard")
    summary = agent_tab.get_by_text("Menu", exact=True)
    summary.press("Enter")
    agent_tab.keyboard.press("Tab")
    expect(agent_tab.get_by_role("link", name="Dashboard", exact=True)).to_be_focused()
    agent_tab.keyboard.press("Escape")
    expect(agent_tab.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(summary).to_be_focused()


@pytest.mark.parametrize(
    ("path", "region"),
    [("/dashboard/board", "#messages"), ("/dashboard/leads/new", "#known"), ("/dashboard/leads", "#found")],
)
def test_changes_of_a_page_have_a_place_that_is_read_aloud(agent_tab: Page, path: str, region: str) -> None:
    agent_tab.goto(path)
    place = agent_tab.locator(region)
    expect(place).to_have_role("status")
    # Screen readers announce changes of what was there before, so an empty place must not be hidden.
    assert place.evaluate("one => one.checkVisibility({visibilityProperty: true})")
