"""Times of imports in the spellings of spreadsheets."""

from zoneinfo import ZoneInfo

import pytest

from leadtracker.domain.model.values.field_errors import PHRASES
from leadtracker.entrypoints.formats.import_times import ImportTimes

BERLIN = ZoneInfo("Europe/Berlin")


def read(text: str, *others: str, has_serials: bool = False) -> str:
    return ImportTimes.of([text, *others], BERLIN, has_serials=has_serials).read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-13", "2026-11-12T23:00:00"),
        ("2026-11-13 14:14:00", "2026-11-13T13:14:00"),
        ("2026-11-13T14:14", "2026-11-13T13:14:00"),
        ("2026-07-01 00:30", "2026-06-30T22:30:00"),
        ("2026/11/13 14:14", "2026-11-13T13:14:00"),
        ("13.11.2026", "2026-11-12T23:00:00"),
        (" 3.11.26, 9:05 ", "2026-11-03T08:05:00"),
        ("13/11/2026 14:14", "2026-11-13T13:14:00"),
        ("11/13/2026 2:14 PM", "2026-11-13T13:14:00"),
        ("11/13/2026 12:05 a.m.", "2026-11-12T23:05:00"),
        ("11/3/2026 2:14 PM", "2026-11-03T13:14:00"),
        ("11/11/2026", "2026-11-10T23:00:00"),
        ("2026-11-13T14:14:00Z", "2026-11-13T14:14:00"),
        ("2026-11-13 14:14:00+05:30", "2026-11-13T08:44:00"),
        ("13 Nov 2026", "2026-11-12T23:00:00"),
        ("13-Nov-2026 14:14", "2026-11-13T13:14:00"),
        ("Nov 13, 2026 2:14 PM", "2026-11-13T13:14:00"),
        ("November 1st, 2026", "2026-10-31T23:00:00"),
        ("3. März 2026, 9:05", "2026-03-03T08:05:00"),
        ("1 août 2026", "2026-07-31T22:00:00"),
        ("2 de enero de 2026", "2026-01-01T23:00:00"),
        ("2 de janeiro de 2026", "2026-01-01T23:00:00"),
        ("13 stycznia 2026", "2026-01-12T23:00:00"),
        ("13 października 2026", "2026-10-12T22:00:00"),
        ("13 mei 2026", "2026-05-12T22:00:00"),
        ("13-Jan-26 08:05", "2026-01-13T07:05:00"),
        ("Tuesday, January 13, 2026", "2026-01-12T23:00:00"),
        ("Di., 13.01.2026", "2026-01-12T23:00:00"),
        ("13.01.2026, 08:05 Uhr", "2026-01-13T07:05:00"),
        ("13/01/2026 14.14", "2026-01-13T13:14:00"),
        ("13/01/2026 14.14.30", "2026-01-13T13:14:30"),
    ],
)
def test_usual_spellings_are_read_in_the_zone_of_the_business(text: str, expected: str) -> None:
    assert read(text) == f"{expected}.000000Z"


@pytest.mark.parametrize(
    ("others", "expected"),
    [("25/12/2026", "2026-04-02"), ("12/25/2026", "2026-03-03"), ("1/2/2026 2:00 PM", "2026-03-03")],
)
def test_other_dates_of_column_decide(others: str, expected: str) -> None:
    assert read("3/4/2026", others)[:10] == expected


def test_a_date_of_two_meanings_is_rejected() -> None:
    with pytest.raises(ValueError, match=PHRASES["ambiguous-date"]):
        read("3/4/2026", "1/2/2026", "2026-12-25 2:00 PM", "25.12.2026")


def test_a_contradictory_column_leaves_its_ambiguous_dates_open() -> None:
    others = ["25/12/2026", "12/25/2026"]
    with pytest.raises(ValueError, match=PHRASES["ambiguous-date"]):
        read("3/4/2026 2:00 PM", *others)
    assert read("25/12/2026", *others) == "2026-12-24T23:00:00.000000Z"


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-13-01",
        "31.2.2026",
        "2026-11-13 25:00",
        "13/13/2026",
        "11/13/2026 14:00 PM",
        "13 Nox 2026",
        "Tuesday 13",
        "2026-11-13 14.",
        "99999",
    ],
)
def test_invalid_time_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match=PHRASES["invalid-import-time"]):
        read(text)


def test_numbers_are_days_in_a_column_without_other_times() -> None:
    assert read("46339", "46340.5", " ") == "2026-11-12T23:00:00.000000Z"
    with pytest.raises(ValueError, match=PHRASES["invalid-import-time"]):
        read("46339", "2026-11-13")


def test_numbers_are_days_in_workbooks() -> None:
    assert read("46339", has_serials=True) == "2026-11-12T23:00:00.000000Z"
    assert read("46339.593055555553", has_serials=True) == "2026-11-13T13:14:00.000000Z"
