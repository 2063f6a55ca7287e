"""Chromium, for tests in a real browser."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

# The build without windows first: what an ordinary one does for its windows takes half of the time.
_NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
_FLAGS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_PATIENCE_MILLISECONDS = 30_000  # as for all else that Playwright waits for; a busy machine is no bug

TRACES_VARIABLE = "LEADTRACKER_TEST_TRACES"
"""The variable of the environment that names the folder of traces; without it nothing is recorded."""

expect.set_options(timeout=_PATIENCE_MILLISECONDS)


class BrowserUnavailable(Exception):
    """No browser can start; the message names the reason and the packages to install."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"NO BROWSER: {reason} On Debian: apt install chromium-headless-shell libatomic1")


@contextlib.contextmanager
def running_chromium() -> Iterator[Browser]:
    """Run Chromium without a window.

    Playwright's driver belongs to an event loop, which owns the calling thread until the block ends.

    Raises:
        BrowserUnavailable: Chromium is not installed, or Playwright's driver or Chromium cannot start.
    """
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        raise BrowserUnavailable("Chromium is not installed.")
    _check_driver()
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        except Error as error:
            raise BrowserUnavailable(f"{path} cannot start: {_cause(error)}.") from error
        with browser:
            yield browser


def _check_driver() -> None:
    """Start the driver in another process: a failed start in this one would leave an event loop running."""
    ended = subprocess.run(
        [sys.executable, "-m", "playwright", "--version"], capture_output=True, check=False, text=True
    )
    if ended.returncode:
        raise BrowserUnavailable(f"Playwright's driver cannot start: {ended.stderr.strip()}.")


def _cause(error: Error) -> str:
    """Extract what Chromium wrote to standard error; Playwright's message hides it in dozens of lines."""
    written = re.findall(r"^\[pid=\d+\]\[err\] (.*)$", error.message, re.MULTILINE)
    return " ".join(written) or error.message.partition("\n")[0]


def traces_folder() -> Path | None:
    """Return the folder in which traces are kept; None if none are wanted."""
    named = os.environ.get(TRACES_VARIABLE)
    return Path(named) if named else None


@contextlib.contextmanager
def traced(
    context: BrowserContext, folder: Path | None, name: str, has_failed: Callable[[], bool]
) -> Iterator[None]:
    """Record each step in a browser context with its page and requests, and keep it if the test has failed.

    Args:
        context: the browser context.
        folder: where the trace is kept, as ``name`` with the ending ``.zip``; None records nothing.
        name: the name of the test.
        has_failed: asked at the end whether the test has failed.
    """
    if folder is None:
        yield
        return
    context.tracing.start(screenshots=True, snapshots=True)
    yield
    kept = folder / f"{name}.zip" if has_failed() else None
    context.tracing.stop(path=kept)


def sign_in(tab: Page, name: str, password: str) -> None:
    """Fill in the form of the sign-in page, which the tab shows, and send it."""
    tab.get_by_label("Name").fill(name)
    tab.get_by_label("Password", exact=True).fill(password)
    tab.get_by_role("button", name="Sign in").click()
