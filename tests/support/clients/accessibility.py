"""Accessibility of a page: the WCAG 2.2 AA rules of axe, and no horizontal scrolling on a phone."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

NARROW = ViewportSize(width=360, height=740)
WIDE = ViewportSize(width=1280, height=900)
_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # to describe each element that passes takes longer than the rules
}


def check_accessible(tab: Page) -> None:
    """Check the page in a tab, wide in the light scheme and narrow in the dark one.

    Colours do not depend on the size, nor the layout on the scheme, so the other two combinations would take
    as long again and find the same.

    Raises:
        AssertionError: axe found a violation, or the page is wider than a phone's screen.
    """
    _check(tab, "light", WIDE)
    _check(tab, "dark", NARROW)
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], f"{tab.url} is too wide"


def _check(tab: Page, scheme: Literal["light", "dark"], size: ViewportSize) -> None:
    # Without transitions, because axe would measure colours in the middle of a change.
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.set_viewport_size(size)
    found = Axe().run(tab, options=_OPTIONS)
    assert found.violations_count == 0, f"{tab.url} {scheme} {size}: {found.generate_report()}"
