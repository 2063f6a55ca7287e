"""The bench still works: every part of it, with almost nothing to measure, and no wrong answer."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from attrs import evolve

from tests.bench.__main__ import SMOKE, Size, run
from tests.bench.load import RequestSpec, request
from tests.bench.measurements.posting import Scale
from tests.bench.request_mix import WrongResponses, checked
from tests.bench.results import Result, Results
from tests.bench.targets.subjects import COMPARISON_SITE_PACKAGES, baseline

needs_comparison = pytest.mark.skipif(
    find_spec("fastapi") is None and not COMPARISON_SITE_PACKAGES.exists(),
    reason="what LeadTracker is compared with is installed by `make bench`",
)
SMALL = evolve(SMOKE, concurrency_seconds=0.3, mails=5, imported=50)


@needs_comparison
@pytest.mark.parametrize("part", ["posts", "import", "reading"])
def test_comparison_measurements_run(part: str, tmp_path: Path) -> None:
    check(part, tmp_path)


@pytest.mark.parametrize("part", ["answers", "assignment", "mails", "concurrency", "kills"])
def test_standalone_measurements_run(part: str, tmp_path: Path) -> None:
    check(part, tmp_path)


def test_measurement_of_scaling_runs(tmp_path: Path) -> None:
    check("scaling", tmp_path, evolve(SMALL, few=20, many=60))  # requests each page five times


def test_measurement_of_searches_runs(tmp_path: Path) -> None:
    check("search", tmp_path, evolve(SMALL, scale=Scale(1, 0.05)))  # each of twelve queries in two databases


def check(part: str, folder: Path, size: Size = SMALL) -> None:
    lines: list[str] = []
    results = Results(lines.append)
    run(size, results, folder, part)
    assert lines
    results.print_table()
    assert results.json()


def test_wrong_response_fails_the_measurement(tmp_path: Path) -> None:
    incomplete = RequestSpec(request("POST", "/leads", b'{"first_name": "Ann"}'), 201)
    with baseline(tmp_path) as server, pytest.raises(WrongResponses, match="422"):
        checked(server, iter([incomplete]), connections=1, seconds=0)


@pytest.mark.parametrize(
    ("values", "at_most", "met"),
    [
        ([1, 2, 9], False, True),
        ([1, 1.9, 9], False, False),
        ([1, 2, 9], True, True),
        ([1, 2.1, 9], True, False),
    ],
)
def test_median_round_is_reported(values: list[float], at_most: bool, met: bool) -> None:  # noqa: FBT001 - a parameter
    assert Result("x", values, 2, at_most=at_most).is_met is met
