"""The number of database pages that a lead adds to SQLite's write-ahead log: each one delays the response."""

from pathlib import Path
from statistics import median

from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.database import connect

MAX_PAGES = 22  # one of them for the index of unowned leads, which their lists and their board need
LEADS = 25
HEADER_BYTES, FRAME_BYTES = 32, 24 + 4096  # https://sqlite.org/fileformat2.html#walformat


def test_one_lead_writes_few_pages(sqlite_url: str) -> None:
    log = Path(f"{sqlite_url.removeprefix('sqlite:///')}-wal")
    container = Container(settings=Settings(database_url=SecretStr(sqlite_url), notify="office@example.com"))
    pages = []
    for number in range(LEADS):
        with connect(sqlite_url) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        fields = make_fields(f"ann{number}@example.com", phone="+14155550123", message="Please call me back.")
        container.capture_lead()(PUBLIC, fields)
        pages.append((log.stat().st_size - HEADER_BYTES) // FRAME_BYTES)
    container.dialect().close()
    assert min(pages) > 1
    assert median(pages) <= MAX_PAGES, pages
