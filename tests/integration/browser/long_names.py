"""Records with names of 100 characters, for every page that shows names."""

from pathlib import Path
from typing import Any

import orjson
from attrs import frozen
from playwright.sync_api import Page

from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.support.http import basic
from tests.support.servers.processes import Site

UNBROKEN = ("Wolfeschlegelsteinhausenbergerdorff" * 3)[:100]
IN_WORDS = ("Maria Magdalena von und zu Hohenstein-Langenburg " * 3)[:99] + "x"
LONG_AGO = "2020-01-01T00:00:00Z"
_MESSAGE = f"{UNBROKEN} and words, because people write both. " * 5


@frozen
class LongNames:
    """Stores the records through the API and the browser.

    Attributes:
        server: the running server.
    """

    server: Site

    def store(self, tab: Page, folder: Path) -> dict[str, str]:
        """Store one record of each kind and return their ids, by the names in the paths of pages.

        Args:
            tab: shows a page as an admin, and may open others.
            folder: for the files that are uploaded.
        """
        lead_id = self._add_lead(UNBROKEN, "n" * 60 + "@" + "x" * 60 + ".example.org")
        self._add_lead(IN_WORDS, "maria.hohenstein@langenburg.example")
        self._send(f"/leads/{lead_id}/notes", {"note": _MESSAGE})
        self._send(f"/leads/{lead_id}/follow-up", {"due_at": LONG_AGO, "note": UNBROKEN})
        self._send("/users", {"name": UNBROKEN, "role": "agent", "password": PASSWORD})
        self._send("/api-keys", {"name": UNBROKEN, "role": "viewer"})
        fields = {"first_name": UNBROKEN, "last_name": IN_WORDS, "message": _MESSAGE}
        self._send("/leads", fields | {"email": "s@example.org", "leave_this_empty": "x"}, anonymous=True)
        invalid = fields | {"email": UNBROKEN, "phone": IN_WORDS, UNBROKEN: _MESSAGE}
        self._send("/leads", invalid, anonymous=True, status=422)
        rejected = self._read("/quarantine?reason=invalid")[0]["id"]
        self._upload(tab, folder)
        return {
            "lead_id": lead_id,
            "user": UNBROKEN,
            "quarantined_lead_id": str(rejected),
            "week": str(self._read("/reports/weekly")[0]["week"]),
            "import_id": self._import(tab),
            "file_id": self._upload(tab, folder),  # the first one was deleted after its import
        }

    def _add_lead(self, name: str, email: str) -> str:
        fields = {
            "first_name": name,
            "last_name": name,
            "email": email,
            "phone": "+49 30 901820",
            "message": _MESSAGE,
            "source": UNBROKEN,
            "resume": "Clerk since 2019.",
            f"Question {UNBROKEN[:80]}": _MESSAGE,
        }
        return str(self._send("/leads", fields)["id"])

    def _upload(self, tab: Page, folder: Path) -> str:
        """Upload a file to import, and return its id."""
        path = folder / f"{UNBROKEN}.csv"
        path.write_text(
            f"name,email,{UNBROKEN}\n{IN_WORDS},a@example.net,{_MESSAGE}\n{UNBROKEN},{UNBROKEN},{UNBROKEN}\n"
        )
        tab.goto("/dashboard/import")
        tab.get_by_label("File").set_input_files(path)
        tab.get_by_role("button", name="Continue").click()
        tab.wait_for_url("**/import/files/*")
        return tab.url.rpartition("/")[2]

    def _import(self, tab: Page) -> str:
        """Import the file that was uploaded, and return the id of the import."""
        tab.get_by_role("button", name="Import the file").click()
        tab.get_by_role("link", name="Download rejected rows").wait_for()
        return tab.url.rpartition("/")[2]

    def _send(self, path: str, body: object, *, anonymous: bool = False, status: int = 201) -> Any:
        headers = None if anonymous else basic(ADMIN, PASSWORD)
        answered, response = self.server.send("POST", path, headers, body)
        assert answered == status, response
        return orjson.loads(response)

    def _read(self, path: str) -> Any:
        return orjson.loads(self.server.send("GET", path, basic(ADMIN, PASSWORD))[1])
