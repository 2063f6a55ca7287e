"""Charts without scripts: the geometry of bars, which templates draw as SVG."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from attrs import frozen

from leadtracker.domain.model.reports.week import Week
from leadtracker.i18n.formats import format_date, format_day_and_month

WIDTH, NARROW_WIDTH, HEIGHT = 720, 320, 240
_TOP, _BOTTOM = 24, 48  # space for the values above the columns, and for week and day below
_COLUMN_SHARE = 0.7
_LABEL_WIDTH = 58
_MAX_COLUMN_WIDTH = 60  # a single week is a column, not a wall
_NARROW_WEEKS = 5


@frozen
class Column:
    """One vertical bar; lengths and coordinates are in units of the drawing, which is ``HEIGHT`` high.

    Attributes:
        name: of the week, without its year.
        start: the first day of the week, without its year.
        title: the name and the whole date of the first day.
        middle: the x coordinate at which the value and the name are centred.
        is_named: true if the drawing has space for the name.
    """

    name: str
    start: str
    title: str
    value: int
    middle: float
    width: float
    height: float
    is_named: bool

    @property
    def x(self) -> float:
        """The x coordinate of the left edge."""
        return round(self.middle - self.width / 2, 1)

    @property
    def y(self) -> float:
        """The y coordinate of the upper edge."""
        return round(HEIGHT - _BOTTOM - self.height, 1)


@frozen
class Drawing:
    """One drawing of the columns.

    Attributes:
        kind: ``wide`` or ``narrow``, for a phone; each screen shows one of them.
    """

    kind: str
    width: int
    columns: tuple[Column, ...]


@frozen
class WeekChart:
    """The numbers of weeks, as drawings for wide and narrow screens; the wide one has all weeks."""

    wide: Drawing
    narrow: Drawing

    @property
    def is_empty(self) -> bool:
        """Whether all numbers are zero, so that there is nothing to draw."""
        return not any(column.value for column in self.wide.columns)


@frozen
class Share:
    """One horizontal bar of a list.

    Attributes:
        length: in units of a drawing that is 100 wide; the longest bar has 100.
        percent: the share of the whole, rounded.
    """

    name: str
    value: int
    length: float
    percent: int


def week_chart(points: Iterable[tuple[Week, int]], zone: tzinfo) -> WeekChart:
    """Lay out the numbers of weeks as columns side by side, in the language in use.

    Args:
        points: each week with its number.
        zone: the business's time zone, in which weeks begin.
    """
    given = [(week.name.partition("-")[2], week.start.astimezone(zone), value) for week, value in points]
    return WeekChart(
        Drawing("wide", WIDTH, _columns(given, WIDTH)),
        Drawing("narrow", NARROW_WIDTH, _columns(given[-_NARROW_WEEKS:], NARROW_WIDTH)),
    )


def shares(parts: Iterable[tuple[str, int]], whole: int) -> list[Share]:
    """Lay out named values as horizontal bars, each relative to the longest, with its share of ``whole``."""
    given = list(parts)
    longest = max((value for _, value in given), default=0) or 1
    return [
        Share(name, value, round(100 * value / longest, 1), round(100 * value / (whole or 1)))
        for name, value in given
    ]


def _columns(points: list[tuple[str, datetime, int]], width: int) -> tuple[Column, ...]:
    """Lay out columns in a drawing of this width; the highest uses the full height."""
    unit = (HEIGHT - _TOP - _BOTTOM) / (max((value for *_, value in points), default=0) or 1)
    step = width / max(len(points), 1)
    every = -(-_LABEL_WIDTH // step)
    return tuple(
        Column(
            name=name,
            start=format_day_and_month(start),
            title=f"{name}, {format_date(start)}",
            value=value,
            middle=round((index + 0.5) * step, 1),
            width=round(min(step * _COLUMN_SHARE, _MAX_COLUMN_WIDTH), 1),
            height=round(value * unit, 1),
            is_named=(len(points) - 1 - index) % every == 0,  # the latest name matters most
        )
        for index, (name, start, value) in enumerate(points)
    )
