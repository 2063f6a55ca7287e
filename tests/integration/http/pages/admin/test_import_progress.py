"""The page of an import shows how far it has come, of a file whose rows are counted."""

from typing import Any

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.intake.lead_import import ImportState
from tests.contracts.intake.import_store import make_import
from tests.integration.http.pages.admin.test_imports import PATH, import_file
from tests.support.clients.html_client import HtmlClient
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

ODD_FILE = (
    b"name,mail,note\n\nAnn,ann@example.com,\n,,\nAnn,ann@example.com,again\n"
    b'Bob,bob@example.com,"a"b\nEve,bob,\nCy,cy@example.com,1,2\nDan,dan@example.com,"two\nlines"\n'
)


@pytest.fixture
def shown(container: Container, clock: MemoryClock, admin_browser: HtmlClient) -> Any:
    """A function that returns the page and the list of an import with these fields."""

    def show(language: str = "en", **fields: Any) -> tuple[str, str]:
        now = clock.now()
        with container.unit_of_work()() as tx:
            tx.imports.add(make_import(started_at=now, updated_at=now, **fields))
            tx.commit()
        pages = (f"{PATH}/import-1", PATH)
        page, overview = (admin_browser.get(one, {"Accept-Language": language}).html for one in pages)
        return page, overview

    return show


RUNNING = {"rows": 10_000, "created": 3_000, "updated": 50, "duplicates": 100, "rejected": 50}


def test_running_import_shows_its_share(shown: Any) -> None:
    page, overview = shown(**RUNNING)
    assert '<progress aria-label="Importing" value="3200" max="10000"></progress>' in page
    assert "3,200 of 10,000 rows (32%)" in page
    assert "3,200 of 10,000 rows (32%)" in overview


def test_share_is_formatted_in_german(shown: Any) -> None:
    page, _ = shown("de", **RUNNING)
    assert "3.200 von 10.000 Zeilen (32\u00a0%)" in page


def test_share_is_whole_only_at_the_end(shown: Any) -> None:
    page, _ = shown(rows=10_000, created=9_999)
    assert "9,999 of 10,000 rows (99%)" in page


def test_import_of_unknown_length_shows_no_share(shown: Any) -> None:
    page, overview = shown(created=3_000)
    assert '<progress aria-label="Importing"></progress>' in page
    assert "%)" not in page + overview


def test_interrupted_import_shows_how_far_it_came(shown: Any) -> None:
    page, overview = shown(state=ImportState.INTERRUPTED, **RUNNING)
    assert "<progress" not in page
    assert "3,200 of 10,000 rows (32%)" in page
    assert "3,200 of 10,000 rows (32%)" in overview


@pytest.mark.parametrize("state", [ImportState.COMPLETED, ImportState.UNDONE])
def test_import_that_has_ended_shows_no_share(shown: Any, state: ImportState) -> None:
    page, overview = shown(state=state, rows=10_000, created=3_200)
    assert "32%" not in page + overview


@pytest.mark.parametrize("content", [ODD_FILE, ODD_FILE.replace(b"\n", b"\r")])
def test_completed_import_has_as_many_results_as_rows(
    admin_browser: HtmlClient, raw_db: RawDatabase, content: bytes
) -> None:
    import_file(admin_browser, content=content)
    stored = raw_db.execute("SELECT state, rows, created + updated + duplicates + rejected FROM imports")
    assert stored == [("completed", 6, 6)]


def test_running_import_can_be_undone(
    admin_browser: HtmlClient, clock: MemoryClock, raw_db: RawDatabase
) -> None:
    address = import_file(admin_browser).response.request.path
    now = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    raw_db.execute("UPDATE imports SET state = 'running', created = 0, updated_at = ?", now)
    shown = admin_browser.get(address)
    assert "every 1s" in shown.html
    assert admin_browser.submit_and_answer(shown.form(f"{address}/undo")).location == PATH
    assert raw_db.count("leads") == 0
