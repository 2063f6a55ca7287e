"""Take the screenshots of the README: ``make screenshots``, which needs Chromium.

A server is filled with invented leads; each page is captured wide, some also narrow or dark. To add a page,
add an entry to ``SHOTS``.
"""

import http.client
import json
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import frozen
from playwright.sync_api import Browser, Page, ViewportSize

from tests.screenshots.demo import demo_csv
from tests.support.browsers import BrowserUnavailable, running_chromium, sign_in
from tests.support.processes import Program, Site, free_port

_FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
_WIDE, _NARROW = ViewportSize(width=1200, height=800), ViewportSize(width=390, height=780)
_HIGH = ViewportSize(width=1200, height=1500)
_PASSWORD = "correct horse battery"  # noqa: S105 - the server runs for a minute


@frozen
class Shot:
    """One screenshot: its file name without suffix, and the path, size and colour scheme of its page."""

    name: str
    path: str
    size: ViewportSize = _WIDE
    dark: bool = False


SHOTS = (
    Shot("form", "/"),
    Shot("form-narrow", "/", _NARROW),
    Shot("thanks", "/thanks"),
    Shot("embedded-form", "/form/embed", _NARROW),
    Shot("sign-in", "/sign-in"),
    Shot("dashboard", "/dashboard", _HIGH),
    Shot("dashboard-dark", "/dashboard", dark=True),
    Shot("leads", "/dashboard/leads"),
    Shot("leads-narrow", "/dashboard/leads", _NARROW),
    Shot("lead", "/dashboard/leads/{lead}"),
    Shot("lead-edit", "/dashboard/leads/{lead}/edit"),
    Shot("lead-erase", "/dashboard/leads/{lead}/erase"),
    Shot("board", "/dashboard/board"),
    Shot("reports", "/dashboard/reports"),
    Shot("deliveries", "/dashboard/deliveries"),
    Shot("quarantine", "/dashboard/quarantine"),
    Shot("users", "/dashboard/users"),
    Shot("user", "/dashboard/users/admin"),
    Shot("password", "/dashboard/password"),
    Shot("keys", "/dashboard/keys"),
)


def main() -> None:
    """Start a server, fill it, and write the screenshots into ``docs/screenshots``."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_chromium() as browser:
        port = free_port()
        settings = {"PORT": port, "WEB_WORKERS": 1, "ADMIN_PASSWORD": _PASSWORD, "NOTIFY": "ada@firm.example"}
        program = Program(Path(folder), settings)
        with program.start("web"):
            site = Site(port)
            site.wait_until_ready()
            lead = _fill(program, site)
            program.run("scheduler", "--once")
            _take(browser, f"http://127.0.0.1:{port}", lead)


def _fill(program: Program, site: Site) -> str:
    """Store leads, and one lead with a history, whose id is returned."""
    now = datetime.now(UTC)
    leads = program.folder / "leads.csv"
    leads.write_text(demo_csv(now))
    assert program.run("leads", "import", str(leads)).status == 0
    key = program.run("api-key", "add", "screenshots", "--role", "agent").out.strip()
    send = _ApiClient(site, key)
    fields = {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com", "phone": "+49 30 901820"}
    resume = "Ada Byron\nWrote the first program."
    lead = send("POST", "/leads", {**fields, "message": "May I call you tomorrow?", "resume": resume})["id"]
    send("POST", f"/leads/{lead}/notes", {"note": "Called, will send the papers."})
    send("PATCH", f"/leads/{lead}", {"state": "REACHED_OUT"})
    due = (now + timedelta(minutes=90)).isoformat()
    send("POST", f"/leads/{lead}/follow-up", {"due_at": due, "note": "Have the papers come?"})
    for late in send("GET", "/leads?state=REACHED_OUT&limit=4", None)[1:]:
        due = (now - timedelta(hours=20)).isoformat()
        send("POST", f"/leads/{late['id']}/follow-up", {"due_at": due, "note": "Ask for the contract."})
    spam = {**fields, "email": "win@spam.example", "message": "You have won!!!", "leave_this_empty": "yes"}
    assert site.send("POST", "/leads", json=spam)[0] == http.client.CREATED
    return str(lead)


@frozen
class _ApiClient:
    """An API client with a key; returns the JSON of each response."""

    _site: Site
    _key: str

    def __call__(self, method: str, path: str, body: object) -> Any:
        status, response = self._site.send(method, path, {"X-API-Key": self._key}, body)
        assert status < http.client.BAD_REQUEST, response
        return json.loads(response)


def _take(browser: Browser, base_url: str, lead: str) -> None:
    for shot in SHOTS:
        context = browser.new_context(
            base_url=base_url, viewport=shot.size, color_scheme="dark" if shot.dark else "light"
        )
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
