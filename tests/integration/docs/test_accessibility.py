"""axe finds nothing on the documentation site, wide in the light colour scheme and narrow in the dark one."""

from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from tests.support.clients.accessibility import check_accessible
from tests.support.clients.browsers import BrowserUnavailable, running_chromium
from tests.support.instruments.skips import skip_or_fail

# Short ones where possible: together they have every kind of element of the site.
PAGES = (
    "/",
    "/changelog/",
    "/getting-started/first-lead/",
    "/how-to/embed-form/",
    "/how-to/keep-and-erase/",
    "/how-to/monitoring/",
    "/how-to/webhooks/",
    "/reference/cli/",
)


class _Kinds(HTMLParser):
    """Collects the kinds of the elements of pages: their names with their classes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, dict(attrs).get("class") or ""))


class _QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line in the output for each of them."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Print nothing."""


@pytest.fixture(scope="module")
def address(built_site: Path) -> Iterator[str]:
    """The address at which the built site is served."""
    handler = partial(_QuietHandler, directory=str(built_site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for all pages."""
    try:
        with running_chromium() as browser:
            yield browser
    except BrowserUnavailable as error:
        skip_or_fail(str(error))


@pytest.fixture
def tab(chromium: Browser, address: str) -> Iterator[Page]:
    """A tab with an empty cache."""
    context = chromium.new_context(base_url=address, locale="en-GB")
    yield context.new_page()
    context.close()


def kinds(*pages: Path) -> set[tuple[str, str]]:
    parser = _Kinds()
    for page in pages:
        parser.feed(page.read_text(encoding="utf-8"))
    return parser.found


def test_checked_pages_have_every_kind_of_element(built_site: Path) -> None:
    checked = [built_site / path[1:] / "index.html" for path in PAGES]
    assert kinds(*built_site.rglob("*.html")) - kinds(*checked) == set()


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible(tab: Page, path: str) -> None:
    tab.goto(path)
    check_accessible(tab)
