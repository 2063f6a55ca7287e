"""Formats of dates, times, numbers and sizes in the language in use.

Babel formats a timestamp in 20 microseconds, which is noticeable on pages with hundreds of them. Therefore
its patterns are taken apart once per language, and filled in here.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache

from attrs import frozen
from babel import Locale
from babel.dates import parse_pattern
from babel.numbers import format_decimal, format_percent

from leadtracker.i18n.languages import Language
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import language_in_use, ngettext

# In English the day comes first and the month is a word, so that 3/4 is not taken for another day.
_LOCALES: Mapping[Language, str] = {"en": "en_GB"}
_BYTES = {"fr": "o"}
_STEP = 1000
_PREFIXES = "kMGT"
_MAX_PLAIN_NUMBER = 999


def format_date(local: datetime) -> str:
    """Format a day, such as ``16 Nov 2026``."""
    formats = _formats(language_in_use())
    return formats.date % formats.tokens(local)


def format_day_and_month(local: datetime) -> str:
    """Format a day without its year: ``16 Nov``, or ``16.11.`` where dates have no names of months."""
    formats = _formats(language_in_use())
    return formats.day_and_month % formats.tokens(local)


def format_date_time(local: datetime) -> str:
    """Format a day and a time with its time zone, such as ``16 Nov 2026, 09:30 CET``."""
    formats = _formats(language_in_use())
    return f"{formats.date_time % formats.tokens(local)} {local.tzname()}"


def format_number(number: int) -> str:
    """Format a whole number with the language's separator of thousands."""
    if abs(number) <= _MAX_PLAIN_NUMBER:
        return str(number)
    return f"{number:,}".replace(
        ",", _separator(language_in_use())
    )  # as Babel does, in a fiftieth of its time


def format_share(percent: int) -> str:
    """Format a share in percent, such as ``12%`` or ``12 %``."""
    return _share(percent, language_in_use())


def format_file_size(size: int) -> str:
    """Format a number of bytes in the largest decimal unit of which it has one, such as ``1.2 MB``."""
    language = language_in_use()
    byte = _BYTES.get(language, "B")
    if size < _STEP:
        return f"{size} {byte}"
    power = min((len(str(size)) - 1) // 3, len(_PREFIXES))
    shown = format_decimal(size / _STEP**power, format="#,##0.#", locale=_formats(language).locale)
    return f"{shown} {_PREFIXES[power - 1]}{byte}"


def format_duration(time: timedelta | None) -> str:
    """Format a duration in the largest unit of which it has at least two, rounded down, or in minutes.

    Returns:
        Text such as ``3 days``, ``36 h`` or ``95 min``, in which no line breaks; the empty text for None.
    """
    return "" if time is None else _in_largest_unit(time).replace(" ", "\u00a0")


def text_direction() -> str:
    """Return ``ltr`` or ``rtl``: the direction of the script of the language in use."""
    return _formats(language_in_use()).locale.text_direction


def _in_largest_unit(time: timedelta) -> str:
    days, rest = divmod(time, timedelta(days=1))
    hours, rest = divmod(rest, timedelta(hours=1))
    if days > 1:
        return ngettext("%(num)d day", "%(num)d days", days)
    if days or hours > 1:
        return _("%(hours)s h", hours=24 * days + hours)
    return _("%(minutes)s min", minutes=60 * hours + rest // timedelta(minutes=1))


@cache
def _separator(language: Language) -> str:
    return format_decimal(_STEP, locale=_formats(language).locale)[1:-3]


@lru_cache(maxsize=1024)
def _share(percent: int, language: Language) -> str:
    return format_percent(percent / 100, locale=_formats(language).locale)


@frozen
class _Formats:
    """The patterns of a language, as texts for the operator ``%``."""

    locale: Locale
    date: str
    day_and_month: str
    date_time: str
    months: Mapping[int, str]

    def tokens(self, local: datetime) -> Mapping[str, object]:
        """Return the value of every field that the patterns of our languages have."""
        day, month = local.day, local.month
        return {
            "d": day,
            "dd": f"{day:02}",
            "M": month,
            "MM": f"{month:02}",
            "MMM": self.months[month],
            "y": local.year,
            "H": local.hour,
            "HH": f"{local.hour:02}",
            "mm": f"{local.minute:02}",
        }


@cache
def _formats(language: Language) -> _Formats:
    locale = Locale.parse(_LOCALES.get(language, language))
    date = str(parse_pattern(locale.date_formats["medium"].pattern).format)
    time = str(parse_pattern(locale.time_formats["short"].pattern).format)
    joined = str(locale.datetime_formats["medium"]).replace("{1}", date).replace("{0}", time)
    skeleton = "MMMd" if "MMM" in locale.date_formats["medium"].pattern else "Md"
    day_and_month = str(parse_pattern(locale.datetime_skeletons[skeleton].pattern).format)
    return _Formats(locale, date, day_and_month, joined, locale.months["format"]["abbreviated"])
