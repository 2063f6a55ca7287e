"""The times of a column of a spreadsheet, in the spellings of people and programs.

A date such as ``11/3/2026`` has two meanings; the other dates of its column decide which one it has.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from attrs import frozen

from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.timestamps import format_timestamp, parse_timestamp, timestamp_at

_TIME = (
    r"(?:(?:T|,? +)(?P<hour>\d{1,2})[:.](?P<minute>\d\d)"
    r"(?:[:.](?P<second>\d\d)(?:[.,](?P<part>\d{1,6})\d*)?)?"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)?(?: Uhr)?)?"
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _TIME, re.ASCII)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4}|\d\d)" + _TIME, re.ASCII)
_EITHER = re.compile(
    r"(?P<first>\d{1,2})[/-](?P<second_number>\d{1,2})[/-](?P<year>\d{4}|\d\d)" + _TIME, re.ASCII
)
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[. -]+(?:de )?(?P<name>[^\W\d_]{3,12})|"
    r"(?P<other_name>[^\W\d_]{3,12})\.? (?P<other_day>\d{1,2})(?:st|nd|rd|th)?)"
    r"\.?(?:,? |-)(?:de )?(?P<year>\d{4}|\d\d)" + _TIME
)
_DAY_OF_WEEK = re.compile(r"[^\W\d_]{2,12}(?:\.,? ?|, ?)(?=[^\W_])")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner janvier enero ene gennaio gen januari janeiro stycznia",
            "feb february februar feber février févr febrero febbraio februari fevereiro fev lutego",
            "mar march märz mrz mär mars marzo maart mrt março marca",
            "apr april avril avr abril abr aprile kwietnia",
            "may mai mayo maggio mag mei maio maja",
            "jun june juni juin junio giugno giu junho czerwca",
            "jul july juli juillet juil julio luglio lug julho lipca",
            "aug august août agosto ago augustus sierpnia",
            "sep sept september septembre septiembre settembre set setembro września",
            "oct october okt oktober octobre octubre ottobre ott outubro out października",
            "nov november novembre noviembre novembro listopada",
            "dec december dez dezember décembre déc diciembre dic dicembre dezembro grudnia",
        ),
        1,
    )
    for name in names.split()
}
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?", re.ASCII)
_SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel counts local days from here
_FIRST_CERTAIN_SERIAL, _LAST_CERTAIN_SERIAL = 20_000, 60_000  # of the years 1954 to 2064
_MAX_MONTH, _NOON, _CENTURY = 12, 12, 100


@frozen
class ImportTimes:
    """Reads the times of one column.

    Args:
        zone: the zone of times without an offset.
        is_day_first: the meaning of dates such as ``11/3/2026``; None if the column leaves it open.
        has_serials: true if numbers count days, as in Excel, also where it has saved them as CSV.
    """

    _zone: tzinfo
    _is_day_first: bool | None
    _has_serials: bool

    @classmethod
    def of(cls, texts: Iterable[str], zone: tzinfo, *, has_serials: bool) -> "ImportTimes":
        """Look at all texts of the column, of which few are kept in memory.

        A column of nothing but numbers of days has no other meaning.
        """
        orders: Counter[bool | None] = Counter()
        serials: Counter[bool] = Counter()
        has_half_days = False
        for text in filter(None, map(str.strip, texts)):
            serials[_is_certain_serial(text)] += 1
            if (match := _EITHER.fullmatch(text)) is not None:
                orders[_certain_order(match)] += 1
                has_half_days = has_half_days or match["half"] is not None
        has_serials = has_serials or (serials[True] > 0 and not serials[False])
        if orders[True] and orders[False]:
            return cls(zone, None, has_serials)
        # Where no date decides, a clock of 12 hours beside slashes is American.
        is_day_first = True if orders[True] else False if orders[False] or has_half_days else None
        return cls(zone, is_day_first, has_serials)

    def read(self, text: str) -> str:
        """Return a time as RFC 3339; a date means the beginning of its day.

        Raises:
            InvalidValue: it is none, or has two meanings.
        """
        text = text.strip()
        try:
            return format_timestamp(parse_timestamp(text))
        except ValueError:
            pass
        try:
            return format_timestamp(self._local(text))
        except OverflowError:
            raise InvalidValue("invalid-import-time") from None

    def _local(self, text: str) -> datetime:
        if self._has_serials and _SERIAL.fullmatch(text):
            shown = _SERIAL_START + timedelta(milliseconds=round(_days(text) * 86_400_000))
            return shown.replace(tzinfo=self._zone).astimezone(UTC)
        patterns = (_YEAR_FIRST, _DAY_FIRST, _EITHER, _NAMED)
        dated = _DAY_OF_WEEK.sub("", text, count=1) if _DAY_OF_WEEK.match(text) else text
        match = next(filter(None, (pattern.fullmatch(dated) for pattern in patterns)), None)
        if match is None:
            raise InvalidValue("invalid-import-time")
        parts = match.groupdict()
        day, month = self._day_and_month(match) if "first" in parts else _day_before_month(parts)
        try:
            return timestamp_at(date(_year(parts["year"]), int(month), int(day)), _time(parts), self._zone)
        except ValueError:
            raise InvalidValue("invalid-import-time") from None

    def _day_and_month(self, match: re.Match[str]) -> tuple[str, str]:
        first, second = match["first"], match["second_number"]
        if int(first) == int(second):
            return first, second
        certain = _certain_order(match)
        is_day_first = self._is_day_first if certain is None else certain
        if is_day_first is None:
            raise InvalidValue("ambiguous-date")
        return (first, second) if is_day_first else (second, first)


def _is_certain_serial(text: str) -> bool:
    """Return True for a number that Excel shows as a date of our time."""
    return bool(_SERIAL.fullmatch(text)) and _FIRST_CERTAIN_SERIAL <= _days(text) < _LAST_CERTAIN_SERIAL


def _days(serial: str) -> float:
    return float(serial.replace(",", "."))


def _day_before_month(parts: Mapping[str, str | None]) -> tuple[str, str]:
    """Return the day and the month of a date that has one meaning only."""
    day = parts["day"] or parts.get("other_day") or ""
    name = parts.get("name") or parts.get("other_name")
    return day, str(_MONTHS.get(name.lower(), 0)) if name else parts["month"] or ""


def _certain_order(match: re.Match[str]) -> bool | None:
    """Return whether a date has its day first, by a number that is no month; None if both may be one."""
    if int(match["first"]) > _MAX_MONTH:
        return True
    return False if int(match["second_number"]) > _MAX_MONTH else None


def _year(text: str) -> int:
    year = int(text)
    return 2000 + year if year < _CENTURY and len(text) == len("26") else year


def _time(parts: Mapping[str, str | None]) -> time:
    if parts["hour"] is None:
        return time.min
    hour, half = int(parts["hour"]), (parts["half"] or "").lower()
    if half:
        if not 1 <= hour <= _NOON:
            raise InvalidValue("invalid-import-time")
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    part = int((parts["part"] or "0").ljust(6, "0"))
    return time(hour, int(parts["minute"] or 0), int(parts["second"] or 0), part)
