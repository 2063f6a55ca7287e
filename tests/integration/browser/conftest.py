"""A real browser and a real server. Without a browser these tests are skipped, and fail in CI."""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.support.clients.browsers import (
    BrowserUnavailable,
    running_chromium,
    sign_in,
    traced,
    traces_folder,
)
from tests.support.examples.weeks import stable_timezone
from tests.support.instruments.skips import skip_or_fail
from tests.support.servers.processes import Program, Site, free_port

Trace = Callable[[BrowserContext], AbstractContextManager[None]]
_HAS_FAILED = pytest.StashKey[bool]()
_TRACES = traces_folder()  # before fixtures take the variables of the program out of the environment
ADMIN, PASSWORD = "admin", "correct horse battery"


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One Chromium for the tests of this package; while it runs, an event loop owns the thread."""
    try:
        with running_chromium() as browser:
            yield browser
    except BrowserUnavailable as error:
        skip_or_fail(str(error))


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """An installation with a known admin, whose folder the tests of a module share."""
    folder: Path = tmp_path_factory.mktemp("program")
    settings = {
        "PORT": free_port(),
        "WEB_WORKERS": 1,
        "TIMEZONE": stable_timezone(),
        "ADMIN_USERNAME": ADMIN,
        "ADMIN_PASSWORD": PASSWORD,
    }
    return Program(folder, settings, is_forked=True)


@pytest.fixture(scope="module")
def site(program: Program) -> Iterator[str]:
    """The base URL of the running server."""
    port = program.settings["PORT"]
    with program.start("web"):
        Site(int(str(port))).wait_until_ready()
        yield f"http://127.0.0.1:{port}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note which tests have failed, for their traces."""
    report = yield
    item.stash[_HAS_FAILED] = report.failed or item.stash.get(_HAS_FAILED, False)
    return report


@pytest.fixture
def trace(request: pytest.FixtureRequest) -> Trace:
    """Records a browser context, and keeps the trace if the test fails and its folder is named."""
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    return lambda context: traced(context, _TRACES, name, lambda: request.node.stash.get(_HAS_FAILED, False))


@pytest.fixture
def context(chromium: Browser, site: str, trace: Trace) -> Iterator[BrowserContext]:
    """A browser without cookies; ``page.goto("/sign-in")`` opens a page of the server."""
    with chromium.new_context(base_url=site, locale="en-GB") as context, trace(context):
        yield context


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    """A tab of a browser that is not signed in."""
    return context.new_page()


@pytest.fixture(scope="module")
def session(chromium: Browser, site: str) -> StorageState:
    """The cookies of a browser in which the admin has signed in; a test that signs out needs its own."""
    with chromium.new_context(base_url=site, locale="en-GB") as context:
        tab = context.new_page()
        tab.goto("/sign-in")
        sign_in(tab, ADMIN, PASSWORD)
        tab.wait_for_url("**/dashboard")
        return context.storage_state()


@pytest.fixture
def agent_tab(tab: Page, session: StorageState) -> Page:
    """A tab in which the admin is signed in."""
    tab.context.set_storage_state(session)
    tab.goto("/dashboard")
    return tab
