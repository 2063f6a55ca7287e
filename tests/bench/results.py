"""Benchmark results, as a table and as JSON."""

import statistics
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from attrs import field, frozen

_ROW = "{:70} {:>9} {:>9} {:>9} {:>9} {}"


@frozen
class Result:
    """A measurement of several rounds.

    Attributes:
        name: what it was.
        values: one per round.
        goal: how much it shall be.
        at_most: whether less is better than the goal, or more.
        unit: nothing for ratios.
        notes: what else is worth knowing, for the JSON.
    """

    name: str
    values: Sequence[float]
    goal: float | None = None
    at_most: bool = False
    unit: str = ""
    notes: dict[str, Any] = field(factory=dict)

    @property
    def median(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool | None:
        """True if the median reaches the goal; None if there is no goal."""
        if self.goal is None:
            return None
        return self.median <= self.goal if self.at_most else self.median >= self.goal


@frozen
class Results:
    """All measurements, printed as they are made."""

    _report: Callable[[str], None]
    _results: list[Result] = field(factory=list, init=False)

    def add(self, result: Result) -> None:
        """Add a result and print it."""
        self._results.append(result)
        self._report(f"{result.name}: {result.median:.3g} {result.unit}")

    def print_table(self) -> None:
        """Print a table of all results."""
        print(_ROW.format("what", "median", "min", "max", "goal", ""))  # noqa: T201
        for one in self._results:
            goal = "" if one.goal is None else f"{'≤' if one.at_most else '≥'} {one.goal:g}"
            numbers = (f"{number:.3g}" for number in (one.median, min(one.values), max(one.values)))
            mark = {True: "met", False: "missed", None: ""}[one.is_met]
            name = f"{one.name} [{one.unit}]" if one.unit else one.name
            print(_ROW.format(name, *numbers, goal, mark))  # noqa: T201

    def json(self) -> bytes:
        """Return all results as JSON."""
        rows = [
            {
                "name": one.name,
                "unit": one.unit,
                "median": one.median,
                "min": min(one.values),
                "max": max(one.values),
                "rounds": list(one.values),
                "goal": one.goal,
                "at_most": one.at_most,
                "met": one.is_met,
                "notes": one.notes,
            }
            for one in self._results
        ]
        return orjson.dumps(rows, option=orjson.OPT_INDENT_2)
