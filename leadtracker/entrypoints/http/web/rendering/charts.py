"""Charts without scripts: the geometry of bars, which templates draw as SVG."""

from collections.abc import Iterable

from attrs import frozen

WIDTH, HEIGHT = 720, 220
_TOP, _BOTTOM = 24, 30  # space for the values above the columns and the names below
_COLUMN_SHARE = 0.7
_MAX_LABELS = 9
_MAX_COLUMN_WIDTH = 60  # a single week is a column, not a wall


@frozen
class Column:
    """One vertical bar; lengths and coordinates are in units of the drawing, ``WIDTH`` by ``HEIGHT``.

    Attributes:
        middle: the x coordinate at which the value and the name are centred.
        is_named: true if the drawing has space for the name.
    """

    name: str
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


def columns(points: Iterable[tuple[str, int]]) -> list[Column]:
    """Lay out named values as columns side by side; the highest uses the full height."""
    given = list(points)
    unit = (HEIGHT - _TOP - _BOTTOM) / (max((value for _, value in given), default=0) or 1)
    step = WIDTH / max(len(given), 1)
    every = -(-len(given) // _MAX_LABELS)
    return [
        Column(
            name=name,
            value=value,
            middle=round((index + 0.5) * step, 1),
            width=round(min(step * _COLUMN_SHARE, _MAX_COLUMN_WIDTH), 1),
            height=round(value * unit, 1),
            is_named=(len(given) - 1 - index) % every == 0,  # the latest name matters most
        )
        for index, (name, value) in enumerate(given)
    ]


def shares(parts: Iterable[tuple[str, int]], whole: int) -> list[Share]:
    """Lay out named values as horizontal bars, each relative to the longest, with its share of ``whole``."""
    given = list(parts)
    longest = max((value for _, value in given), default=0) or 1
    return [
        Share(name, value, round(100 * value / longest, 1), round(100 * value / (whole or 1)))
        for name, value in given
    ]
