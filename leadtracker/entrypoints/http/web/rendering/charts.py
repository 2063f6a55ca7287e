"""Charts without scripts: the geometry of bars, which templates draw as SVG."""

from collections.abc import Iterable
from datetime import timedelta, tzinfo

from attrs import frozen
from markupsafe import Markup

from leadtracker.domain.model.reports.week import Week
from leadtracker.i18n.formats import format_date, format_day_and_month, format_duration, format_number
from leadtracker.i18n.texts import gettext

WIDTH, NARROW_WIDTH, HEIGHT = 720, 320, 240
_TOP, _BOTTOM = 24, 48  # space for the values above the columns, and for week and day below
_COLUMN_SHARE = 0.7
_LABEL_WIDTH = 58
_MAX_COLUMN_WIDTH = 60  # a single week is a column, not a wall
_NARROW_WEEKS = 5
_NUMBER_WIDTH = 26
_NO_DELAY = "\u2013"


_Point = tuple[str, str, str, int, str]
"""The name, the start and the title of a week, its value, and the value as it is shown."""


@frozen
class Column:
    """One vertical bar; lengths and coordinates are in units of the drawing, which is ``HEIGHT`` high.

    Attributes:
        name: of the week, without its year.
        start: the first day of the week, without its year.
        title: the name and the whole date of the first day.
        text: the value as it is shown.
        middle: the x coordinate at which the value is centred.
        label_x: the same of the name, which stays within the drawing.
        is_named: true if the drawing has space for the name.
        is_numbered: true if it has space for the value.
    """

    name: str
    start: str
    title: str
    value: int
    text: str
    middle: float
    label_x: float
    width: float
    height: float
    is_named: bool
    is_numbered: bool

    @property
    def box(self) -> Markup:
        """The position of the column as attributes of ``rect``, in one piece, because pages have many."""
        left = round(self.middle - self.width / 2, 1)
        return Markup(f'x="{left}" y="{self.y}" width="{self.width}" height="{self.height}"')  # noqa: S704 - numbers

    @property
    def y(self) -> float:
        """The y coordinate of the upper edge."""
        return round(HEIGHT - _BOTTOM - self.height, 1)


@frozen
class Drawing:
    """One drawing of the columns.

    Attributes:
        kind: ``wide`` or ``narrow``, for a phone; each screen shows one of them.
        behind: higher columns behind the others, one for each; empty without a second value.
    """

    kind: str
    width: int
    columns: tuple[Column, ...]
    behind: tuple[Column, ...] = ()


@frozen
class WeekChart:
    """The numbers of weeks, as drawings for wide and narrow screens; the wide one has all weeks."""

    wide: Drawing
    narrow: Drawing

    @property
    def is_empty(self) -> bool:
        """True if all numbers are zero, so that there is nothing to draw."""
        return not any(column.value for column in self.wide.columns)


@frozen
class Share:
    """One horizontal bar of a list.

    Attributes:
        length: in units of a drawing that is 100 wide; the longest bar has 100.
        percent: the share of the whole, rounded.
        url: the page of what the bar counts; empty without one.
    """

    name: str
    value: int
    length: float
    percent: int
    url: str = ""


def week_chart(points: Iterable[tuple[Week, int]], zone: tzinfo) -> WeekChart:
    """Lay out the numbers of weeks as columns side by side, in the language in use.

    Args:
        points: each week with its number.
        zone: the business's time zone, in which weeks begin.
    """
    given = [(*_name(week, zone), value, format_number(value)) for week, value in points]
    return WeekChart(
        Drawing("wide", WIDTH, _columns(given, WIDTH)),
        Drawing("narrow", NARROW_WIDTH, _columns(given[-_NARROW_WEEKS:], NARROW_WIDTH)),
    )


def delay_chart(points: Iterable[tuple[Week, timedelta | None, timedelta | None]], zone: tzinfo) -> WeekChart:
    """Lay out two durations for each week, the shorter before the longer one; None leaves a column out.

    Args:
        points: each week with its shorter and its longer duration.
        zone: the business's time zone, in which weeks begin.
    """
    given = list(points)
    names = [_name(week, zone) for week, *_ in given]
    before = [(*name, *_duration(shorter)) for name, (_, shorter, _) in zip(names, given, strict=True)]
    behind = [(*name, *_duration(longer)) for name, (*_, longer) in zip(names, given, strict=True)]

    def drawing(kind: str, width: int, number: int) -> Drawing:
        highest = max((value for *_, value, _ in (*before[-number:], *behind[-number:])), default=0)
        columns, others = (
            _columns(before[-number:], width, highest),
            _columns(behind[-number:], width, highest),
        )
        return Drawing(kind, width, columns, others)

    return WeekChart(drawing("wide", WIDTH, len(given)), drawing("narrow", NARROW_WIDTH, _NARROW_WEEKS))


def shares(parts: Iterable[tuple[str, int]], whole: int) -> list[Share]:
    """Lay out named values as horizontal bars, each relative to the longest, with its share of ``whole``."""
    given = list(parts)
    longest = max((value for _, value in given), default=0) or 1
    return [
        Share(name, value, round(100 * value / longest, 1), round(100 * value / (whole or 1)))
        for name, value in given
    ]


def _name(week: Week, zone: tzinfo) -> tuple[str, str, str]:
    name, start = gettext("W%(number)s", number=week.name.partition("-W")[2]), week.start.astimezone(zone)
    return name, format_day_and_month(start), f"{name}, {format_date(start)}"


def _duration(time: timedelta | None) -> tuple[int, str]:
    return (0, _NO_DELAY) if time is None else (int(time.total_seconds()), format_duration(time))


def _columns(points: list[_Point], width: int, highest: int | None = None) -> tuple[Column, ...]:
    """Lay out columns in a drawing of this width; the highest uses the full height."""
    if highest is None:
        highest = max((value for *_, value, _ in points), default=0)
    unit = (HEIGHT - _TOP - _BOTTOM) / (highest or 1)
    step = width / max(len(points), 1)
    every = -(-_LABEL_WIDTH // step)
    return tuple(
        Column(
            name=name,
            start=start,
            title=title,
            value=value,
            text=text,
            middle=round((index + 0.5) * step, 1),
            label_x=round(min((index + 0.5) * step, width - _LABEL_WIDTH / 2), 1),
            width=round(min(step * _COLUMN_SHARE, _MAX_COLUMN_WIDTH), 1),
            height=round(value * unit, 1),
            is_named=(len(points) - 1 - index) % every == 0,  # the latest name matters most
            is_numbered=step >= _NUMBER_WIDTH or (len(points) - 1 - index) % every == 0,
        )
        for index, (name, start, title, value, text) in enumerate(points)
    )
