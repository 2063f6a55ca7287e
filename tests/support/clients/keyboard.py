"""Use a page by the keyboard alone, on a phone, and check what it looks like there."""

from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.support.clients.accessibility import check_accessible, check_readable

PHONE = ViewportSize(width=320, height=700)
_MAX_STEPS = 40


def check(page: Page) -> None:
    """Check a page with axe, and that a phone shows all of it."""
    check_accessible(page)
    check_readable(page)


def reach(page: Page, element: Locator) -> None:
    """Reach a field, link or button by the tabulator key."""
    for _ in range(_MAX_STEPS):
        if element.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(element).to_be_focused()


def type_in(page: Page, label: str, text: str) -> None:
    """Reach a field by the tabulator key, and type into it."""
    reach(page, page.get_by_label(label, exact=True))
    page.keyboard.type(text)
