"""Chromium, for tests in a real browser."""

import contextlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

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


def sign_in(tab: Page, name: str, password: str) -> None:
    """Fill in the form of the sign-in page, which the tab shows, and send it."""
    tab.get_by_label("Name").fill(name)
    tab.get_by_label("Password", exact=True).fill(password)
    tab.get_by_role("button", name="Sign in").click()
