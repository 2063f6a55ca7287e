"""Accessibility of a page: the WCAG 2.2 AA rules of axe, and no horizontal scrolling on a phone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

NARROW = ViewportSize(width=360, height=740)
WIDE = ViewportSize(width=1280, height=900)
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def check_accessible(tab: Page) -> None:
    """Check the page in a tab in both colour schemes, wide and narrow.

    Raises:
        AssertionError: axe found a violation, or the page is wider than a phone's screen.
    """
    for scheme in ("light", "dark"):
        # Without transitions, because axe would measure colours in the middle of a change.
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size in (WIDE, NARROW):
            tab.set_viewport_size(size)
            found = Axe().run(tab, options=_RULES)
            assert found.violations_count == 0, f"{tab.url} {scheme} {size}: {found.generate_report()}"
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], f"{tab.url} is too wide"
