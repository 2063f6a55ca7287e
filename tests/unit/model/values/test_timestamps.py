"""Timestamps: read, written, and rejected without a zone."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.domain.model.values.timestamps import (
    bound_of_day,
    check_utc,
    format_timestamp,
    parse_local,
    parse_timestamp,
    start_of_day,
)
from tests.support.clock import MICROSECOND, NOW, at
from tests.support.examples.strategies import any_timestamps, offsets, timestamps, wild_text, zones
from tests.support.instruments.expected_errors import result_or_error


@given(any_timestamps)
def test_an_timestamp_survives_writing_and_reading(timestamp: datetime) -> None:
    assert parse_timestamp(format_timestamp(timestamp)) == timestamp


@given(any_timestamps)
def test_format_is_utc_with_six_decimals(timestamp: datetime) -> None:
    text = format_timestamp(timestamp)
    assert len(text) == len("2026-11-16T09:30:00.000000Z")
    assert text.endswith("Z")


@given(any_timestamps, any_timestamps)
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    assert (format_timestamp(one) < format_timestamp(other)) == (one < other)


@given(timestamps(), offsets)
def test_the_offset_says_which_timestamp_is_meant(timestamp: datetime, offset: timezone) -> None:
    local = timestamp.astimezone(offset)
    assert parse_timestamp(local.isoformat()) == timestamp
    assert format_timestamp(local) == format_timestamp(timestamp)
    assert parse_timestamp(local.isoformat()).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-18T12:00:00Z",
        "2026-11-18t12:00:00z",
        "2026-11-18 12:00:00.000000000Z",
        "2026-11-18T12:00Z",
        "2026-11-18T13:00:00+01:00",
        "2026-11-18T06:30:00.0-05:30",
        "2026-11-18T12:00:00-00:00",
    ],
)
def test_all_rfc_3339_forms_are_parsed(text: str) -> None:
    assert parse_timestamp(text) == NOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-18",
        "2026-11-18T12:00:00",
        "2026-11-18T12:00:00 Z",
        "2026-11-18T12:00:00+0100",
        "2026-11-18T12:00:00+24:00",
        "2026-11-18T24:00:00Z",
        "2026-11-18T12:00:60Z",
        "2026-02-29T12:00:00Z",
        "2026-W47-3T12:00:00Z",
        "20261118T120000Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "٢٠٢٦-11-18T12:00:00Z",
        "2026-11-18T12:00:00Z\n",
        "now",
        "1763467200",
    ],
)
def test_anything_else_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="must be a time with its offset"):
        parse_timestamp(text)


@given(wild_text | st.from_regex(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d)?([Zz]|[+-]\d\d:\d\d)"))
def test_any_text_is_an_timestamp_or_is_rejected_politely(text: str) -> None:
    outcome = result_or_error(lambda: parse_timestamp(text), ValueError)
    if isinstance(outcome, ValueError):
        assert "must be a time" in str(outcome)
    else:
        assert parse_timestamp(format_timestamp(outcome)) == outcome


@frozen
class Holder:
    at: datetime | None = field(validator=check_utc)


def test_naive_time_is_a_bug() -> None:
    local = [
        NOW.replace(tzinfo=None),
        NOW.astimezone(timezone(timedelta(hours=1))),
        NOW.astimezone(ZoneInfo("Europe/Berlin")),
    ]
    for timestamp in local:
        with pytest.raises(ValueError, match="at must be an aware UTC time"):
            Holder(timestamp)
    assert [Holder(None).at, Holder(NOW).at] == [None, NOW]


@given(zones, st.dates(date(1970, 1, 2), date(2037, 12, 31)))
def test_day_starts_when_its_date_is_shown(zone: ZoneInfo, day: date) -> None:
    start = start_of_day(day, zone)
    assert start.tzinfo is UTC
    assert (start - MICROSECOND).astimezone(zone).date() < day <= start.astimezone(zone).date()
    # A day that a change of the date line skipped has no length.
    assert start <= start_of_day(day + timedelta(days=1), zone)


@pytest.mark.parametrize(
    ("day", "zone", "start"),
    [
        ("2026-11-18", "UTC", "2026-11-18T00:00:00Z"),
        ("2026-11-18", "America/New_York", "2026-11-18T05:00:00Z"),
        ("2021-03-22", "Asia/Tehran", "2021-03-21T20:30:00Z"),
        ("2001-09-24", "Asia/Jerusalem", "2001-09-23T21:00:00Z"),
    ],
)
def test_known_days(day: str, zone: str, start: str) -> None:
    assert start_of_day(date.fromisoformat(day), ZoneInfo(zone)) == at(start)


def test_first_day_underflows_in_east() -> None:
    with pytest.raises(OverflowError):
        start_of_day(date.min, ZoneInfo("Asia/Tokyo"))


@given(zones, st.dates(date(1, 1, 3), date(9999, 12, 29)))
def test_written_day_ends_when_the_next_begins(zone: ZoneInfo, day: date) -> None:
    assert bound_of_day(day.isoformat(), zone, is_end=False) == start_of_day(day, zone)
    assert bound_of_day(day.isoformat(), zone, is_end=True) == start_of_day(day + timedelta(days=1), zone)


@pytest.mark.parametrize(
    ("text", "is_end"),
    [("9999-12-31", True), ("0001-01-01", False), ("2026-02-29", False), ("2026-W46-1", False), ("", False)],
)
def test_other_texts_are_no_day(text: str, *, is_end: bool) -> None:
    with pytest.raises(ValueError, match=r"."):
        bound_of_day(text, ZoneInfo("Asia/Tokyo"), is_end=is_end)


@given(timestamps(), zones)
def test_a_wall_time_is_the_first_timestamp_that_shows_it(timestamp: datetime, zone: ZoneInfo) -> None:
    wall_time = f"{timestamp.astimezone(zone):%Y-%m-%dT%H:%M}"
    read = parse_local(wall_time, zone)
    assert f"{read.astimezone(zone):%Y-%m-%dT%H:%M}" == wall_time
    assert read <= timestamp


@pytest.mark.parametrize(
    ("text", "zone", "timestamp"),
    [
        ("2026-11-16T09:30", "Europe/Berlin", "2026-11-16T08:30:00Z"),
        ("2026-11-16T09:30:15", "America/New_York", "2026-11-16T14:30:15Z"),
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00Z"),  # the first of two
        ("2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00Z"),
    ],
)
def test_known_wall_times(text: str, zone: str, timestamp: str) -> None:
    assert parse_local(text, ZoneInfo(zone)) == at(timestamp)


@pytest.mark.parametrize(
    ("text", "expected_error"),
    [
        ("2026-03-29T02:30", "does not exist"),
        ("2026-02-29T10:00", "the calendar"),
        ("0001-01-01T00:00", "the calendar"),
        ("2026-11-16 09:30", "must be a day and a time"),
        ("2026-11-16T09:30Z", "must be a day and a time"),
        ("2026-11-16", "must be a day and a time"),
        ("", "must be a day and a time"),
    ],
)
def test_a_wall_time_that_cannot_be_is_rejected(text: str, expected_error: str) -> None:
    with pytest.raises(ValueError, match=expected_error):
        parse_local(text, ZoneInfo("Europe/Berlin"))
