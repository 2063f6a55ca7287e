"""Dates and numbers in each language, compared with Babel's own formats."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_date_time
from hypothesis import given
from hypothesis import strategies as st

from leadtracker.i18n.formats import (
    format_date,
    format_date_time,
    format_file_size,
    format_number,
    format_share,
)
from leadtracker.i18n.languages import LANGUAGES, Language
from leadtracker.i18n.texts import using_language

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 11, 1, 9, 5, tzinfo=BERLIN)


@given(st.datetimes(min_value=datetime(1900, 1, 1)), st.sampled_from(LANGUAGES))  # noqa: DTZ001 - the zone is set below
def test_dates_are_those_of_babel(local: datetime, language: Language) -> None:
    local = local.replace(tzinfo=BERLIN)
    locale = {"en": "en_GB"}.get(language, language)
    with using_language(language):
        assert format_date(local) == babel_date(local, "medium", locale=locale)
        date, time = (
            babel_date(local, "medium", locale=locale),
            babel_date_time(local, "short", locale=locale),
        )
        assert format_date_time(local).startswith(date)
        assert format_date_time(local).split()[-2] == time.split()[-1]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "1 Nov 2026, 09:05 CET"),
        ("de", "01.11.2026, 09:05 CET"),
        ("fr", "1 nov. 2026, 09:05 CET"),
        ("es", "1 nov 2026, 9:05 CET"),
    ],
)
def test_time_is_shown_with_its_zone(language: Language, shown: str) -> None:
    with using_language(language):
        assert format_date_time(MORNING).replace("2026 09", "2026, 09") == shown


@pytest.mark.parametrize(
    ("language", "number", "share", "size"),
    [
        ("en", "12,345", "12%", "1.2 MB"),
        ("de", "12.345", "12\u00a0%", "1,2 MB"),
        ("fr", "12\u202f345", "12\u00a0%", "1,2 Mo"),
        ("es", "12.345", "12\u00a0%", "1,2 MB"),
    ],
)
def test_numbers_have_the_marks_of_the_language(
    language: Language, number: str, share: str, size: str
) -> None:
    with using_language(language):
        assert format_number(12_345) == number
        assert format_share(12) == share
        assert format_file_size(1_234_567) == size


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (1_550, "1.6 kB"), (5_000_000_000, "5 GB")],
)
def test_file_sizes_have_largest_unit(size: int, shown: str) -> None:
    assert format_file_size(size) == shown
