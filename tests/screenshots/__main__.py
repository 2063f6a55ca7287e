"""Take the screenshots of the documentation: ``make screenshots``, which needs Chromium.

A server shows the invented office of ``leadtracker demo``. To add a page, add an entry to ``SHOTS``.
"""

import json
import sys
import tempfile
from pathlib import Path

from attrs import frozen
from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.clients.browsers import BrowserUnavailable, running_chromium, sign_in
from tests.support.servers.processes import Program, Site, free_port

_FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
_WIDE = ViewportSize(width=1280, height=800)
_HIGH = ViewportSize(width=1280, height=1500)
_PASSWORD = "correct horse battery"  # noqa: S105 - the server runs for a minute
_OFFICE = {"ORGANISATION": "Hopper & Lange", "TIMEZONE": "Europe/Berlin"}
_RECEIVERS = {"SMTP_URL": "smtp+plain://127.0.0.1:1", "NOTIFY": "office@firm.example"}


@frozen
class Shot:
    """One screenshot: its file name without suffix, and the path and size of its page."""

    name: str
    path: str
    size: ViewportSize = _WIDE


SHOTS = (
    Shot("form", "/"),
    Shot("dashboard", "/dashboard", _HIGH),
    Shot("lead", "/dashboard/leads/{lead}", _HIGH),
)


def main() -> None:
    """Fill a database, start a server, and write the screenshots into ``docs/screenshots``."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_chromium() as browser:
        port = free_port()
        settings = {"PORT": port, "WEB_WORKERS": 1, "ADMIN_PASSWORD": _PASSWORD} | _OFFICE
        program = Program(Path(folder), settings)
        assert program.run("demo").status == 0
        assert program.run("backup", str(Path(folder) / "leads.backup")).status == 0
        with program.with_settings(**_RECEIVERS).start("web"):  # which sends nothing: no scheduler runs
            Site(port).wait_until_ready()
            _take(browser, f"http://127.0.0.1:{port}", _a_lead(program))


def _a_lead(program: Program) -> str:
    """Return the id of the lead with most to see: a message, a resume, a follow-up and many changes."""
    exported = program.run("leads", "export", "--format", "ndjson").out.splitlines()
    leads = [json.loads(line) for line in exported]
    rich = [lead for lead in leads if lead["message"] and lead["resume"] and lead["follow_up_at"]] or leads
    return str(max(rich, key=lambda lead: lead["version"])["id"])


def _take(browser: Browser, base_url: str, lead: str) -> None:
    for shot in SHOTS:
        context = browser.new_context(base_url=base_url, viewport=shot.size)
        tab = context.new_page()
        path = shot.path.format(lead=lead)
        if path.startswith("/dashboard"):
            _sign_in(tab)
        tab.goto(path)
        tab.screenshot(path=_FOLDER / f"{shot.name}.png")
        context.close()


def _sign_in(tab: Page) -> None:
    tab.goto("/sign-in")
    sign_in(tab, "admin", _PASSWORD)
    tab.wait_for_url("**/dashboard")


if __name__ == "__main__":
    try:
        main()
    except BrowserUnavailable as error:
        sys.exit(str(error))
