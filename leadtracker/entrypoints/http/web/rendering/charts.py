"""Charts that need no script: places of bars, which a template draws as SVG."""

from collections.abc import Iterable

from attrs import frozen

WIDTH, HEIGHT = 720, 220
_TOP, _BOTTOM = 24, 30  # room for the numbers above the columns and the names below
_PART_OF_STEP = 0.7
_MAX_LABELS = 9


@frozen
class Column:
    """One upright bar; lengths are in units of the drawing.

    Attributes:
        middle: where its number and its name are centred.
        is_named: whether there is room for its name.
    """

    name: str
    value: int
    middle: float
    width: float
    height: float
    is_named: bool

    @property
    def x(self) -> float:
        """Its left side."""
        return round(self.middle - self.width / 2, 1)

    @property
    def y(self) -> float:
        """Its upper end."""
        return round(HEIGHT - _BOTTOM - self.height, 1)


@frozen
class Share:
    """One lying bar of a list; ``percent`` of the longest one, and of all.

    Attributes:
        length: in units of a drawing that is 100 wide.
    """

    name: str
    value: int
    length: float
    percent: int


def columns(points: Iterable[tuple[str, int]]) -> list[Column]:
    """Upright bars side by side, the highest as high as the drawing allows."""
    given = list(points)
    unit = (HEIGHT - _TOP - _BOTTOM) / (max((value for _, value in given), default=0) or 1)
    step = WIDTH / max(len(given), 1)
    every = -(-len(given) // _MAX_LABELS)
    return [
        Column(
            name=name,
            value=value,
            middle=round((position + 0.5) * step, 1),
            width=round(step * _PART_OF_STEP, 1),
            height=round(value * unit, 1),
            is_named=(len(given) - 1 - position) % every == 0,  # the latest name matters most
        )
        for position, (name, value) in enumerate(given)
    ]


def shares(parts: Iterable[tuple[str, int]], whole: int) -> list[Share]:
    """Lying bars below each other, each against the longest, with its part of the whole."""
    given = list(parts)
    longest = max((value for _, value in given), default=0) or 1
    return [
        Share(name, value, round(100 * value / longest, 1), round(100 * value / (whole or 1)))
        for name, value in given
    ]
