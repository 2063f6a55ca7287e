"""Exports that a spreadsheet has opened and saved, in any dialect and spelling, import to the same leads."""

import csv
import io
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.http.requests.csv_body import XLSX_TYPE
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.clients.openapi import Response
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.cases import each
from tests.support.examples.workbooks import make_workbook
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

ZONE = ZoneInfo("Europe/Berlin")
COLUMNS = (
    *("first_name", "last_name", "email", "phone", "message", "source"),
    *("utm_campaign", "state", "created_at", "answers", "owner"),
)
ROWS = (  # with and without what a spreadsheet takes for a formula, a delimiter or a date with two meanings
    (
        *("Zoë", "Müller", "zoe@kunde.example", "+4930901820", "=1+1; a,b\n@x\tc\n-5", "Messe", "spring"),
        *("REACHED_OUT", "2026-11-13 11:05", '{"topic": ["a;b", "=c"], "Größe": "12"}', "vera"),
    ),
    ("Ann", "", "", "+4917012345678", "", "'=x", "", "PENDING", "2026-11-03 09:00", "", ""),
    ("-", "O'Neill", "=a@kunde.example", "", '"quoted", €5', "", "", "LOST", "2026-07-31 23:59", "", "vera"),
)
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8-sig", "utf-8", "utf-16", "cp1252")
IGNORED = ("id", "updated_at", "version")
_DAYS_FROM = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel counts local days

Spelling = Callable[[datetime], str]


def _serial(local: datetime) -> float:
    return (local.replace(tzinfo=None) - _DAYS_FROM) / timedelta(days=1)


def _in(spelling: str) -> Spelling:
    return lambda local: local.strftime(spelling)


SPELLINGS: dict[str, Spelling] = {
    "untouched": lambda local: local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    "German": _in("%d.%m.%Y %H:%M"),
    "German with seconds": _in("%d.%m.%Y %H:%M:%S"),
    "German, short": _in("%d.%m.%y %H:%M"),
    "American": lambda local: f"{local.month}/{local.day}/{local:%Y} {local.hour}:{local:%M}",
    "American, padded": _in("%m/%d/%Y %H:%M"),
    "American, 12 hours": _in("%m/%d/%Y %I:%M:%S %p"),
    "British": _in("%d/%m/%Y %H:%M"),
    "Dutch": _in("%d-%m-%Y %H:%M"),
    "Japanese": _in("%Y/%m/%d %H:%M"),
    "ISO": _in("%Y-%m-%d %H:%M:%S"),
    "number of days": lambda local: f"{_serial(local):.10f}",
    "German number of days": lambda local: f"{_serial(local):.10f}".replace(".", ","),
}
DATES: dict[str, Spelling] = {
    "German": _in("%d.%m.%Y"),
    "American": _in("%m/%d/%Y"),
    "ISO": _in("%Y-%m-%d"),
    "number of days": lambda local: str(int(_serial(local))),
}


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    container = make_container(timezone=ZONE)
    container.manage_users().add(OPERATOR, "vera", Role.AGENT, PHRASE)
    return container


def bring_in(admin: Client, file: bytes, content_type: str = "text/csv") -> Response:
    return admin.request("POST", "/leads/import", data=file, content_type=content_type)


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def leads_of(admin: Client) -> list[dict[str, Any]]:
    leads = admin.get("/leads").body
    return [{name: value for name, value in lead.items() if name not in IGNORED} for lead in leads]


def exported(admin: Client) -> list[list[str]]:
    """Import the rows, and return the cells of their export as a spreadsheet shows them."""
    assert bring_in(admin, written([list(COLUMNS), *map(list, ROWS)]).encode()).body["created"] == len(ROWS)
    file = admin.get("/leads/export").body
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def respelled(rows: list[list[str]], column: str, spell: Callable[[str], str]) -> list[list[str]]:
    index = rows[0].index(column)
    return [
        rows[0],
        *([*row[:index], spell(row[index]) if row[index] else "", *row[index + 1 :]] for row in rows[1:]),
    ]


def with_times(rows: list[list[str]], spelling: Spelling) -> list[list[str]]:
    return respelled(rows, "created_at", lambda text: spelling(datetime.fromisoformat(text).astimezone(ZONE)))


def combinations() -> Iterator[tuple[str, str, str]]:
    yield from itertools.product(SPELLINGS, DELIMITERS, ENCODINGS)


@on_sqlite
def test_any_saved_export_imports_to_the_same_leads(admin: Client, raw_db: RawDatabase) -> None:
    rows = exported(admin)
    before = leads_of(admin)
    for name, delimiter, encoding in combinations():
        raw_db.execute("DELETE FROM leads")
        file = written(with_times(rows, SPELLINGS[name]), delimiter).encode(encoding)
        done = bring_in(admin, file).body
        case = name, delimiter, encoding
        assert (done["created"], done["rejected"], done.get("left_out", [])) == (len(ROWS), [], []), case
        assert leads_of(admin) == before, case


@on_sqlite
@each("name", list(DATES))
def test_dates_without_times_become_midnight(admin: Client, raw_db: RawDatabase, name: str) -> None:
    raw_db.execute("DELETE FROM leads")
    rows = exported(admin)
    raw_db.execute("DELETE FROM leads")
    assert bring_in(admin, written(with_times(rows, DATES[name])).encode()).body["created"] == len(ROWS)
    days = ["2026-11-12T23:00:00.000000Z", "2026-11-02T23:00:00.000000Z", "2026-07-30T22:00:00.000000Z"]
    assert [lead["created_at"] for lead in leads_of(admin)] == days


@on_sqlite
@each(
    ("text", "delimiter", "encoding"),
    list(itertools.product(("4,917E+11", "4.91701E+11", "4,91701234567E+11"), DELIMITERS[:3], ENCODINGS)),
)
def test_number_in_scientific_notation_is_reported(
    admin: Client, raw_db: RawDatabase, text: str, delimiter: str, encoding: str
) -> None:
    raw_db.execute("DELETE FROM leads")
    rows = respelled(exported(admin), "phone", lambda phone: text if phone == "+4930901820" else phone)
    raw_db.execute("DELETE FROM leads")
    done = bring_in(admin, written(rows, delimiter).encode(encoding)).body
    [problem] = done["left_out"]
    assert (done["created"], problem["line"], problem["field"]) == (len(ROWS), 4, "phone")
    assert "scientific" in problem["message"]
    zoe = next(lead for lead in leads_of(admin) if lead["first_name"] == "Zoë")
    assert (zoe["phone"], zoe["answers"]["phone"]) == (None, text)


@on_every_database
def test_workbook_with_date_cells_imports_to_the_same_leads(admin: Client, raw_db: RawDatabase) -> None:
    rows = exported(admin)
    before = leads_of(admin)
    raw_db.execute("DELETE FROM leads")
    index = rows[0].index("created_at")
    cells: list[tuple[object, ...]] = [tuple(rows[0])]
    for row in rows[1:]:
        time = _serial(datetime.fromisoformat(row[index]).astimezone(ZONE))
        cells.append(tuple(time if number == index else cell or None for number, cell in enumerate(row)))
    done = bring_in(admin, make_workbook(*cells), XLSX_TYPE).body
    assert (done["created"], done["rejected"], done.get("left_out", [])) == (len(ROWS), [], [])
    assert leads_of(admin) == before
