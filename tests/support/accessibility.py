"""What every page must be for people who see, hear or move differently; judged by axe and by measuring."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

NARROW = ViewportSize(width=360, height=740)
WIDE = ViewportSize(width=1280, height=900)
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def check_accessible(tab: Page) -> None:
    """Check the page in a tab in both colour schemes, wide and narrow.

    Raises:
        AssertionError: naming what axe found, or that the page must be scrolled sideways on a phone.
    """
    for scheme in ("light", "dark"):
        # Without movement: colours that are still changing from one scheme to the other are of neither.
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size in (WIDE, NARROW):
            tab.set_viewport_size(size)
            found = Axe().run(tab, options=_RULES)
            assert found.violations_count == 0, f"{tab.url} {scheme} {size}: {found.generate_report()}"
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], f"{tab.url} is too wide"
