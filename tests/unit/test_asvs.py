"""The table of ASVS requirements is complete, and names files that exist."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "reference" / "asvs.md"
ROW = re.compile(
    r"^\| (?P<number>\d+\.\d+\.\d+) \| (?P<level>[12]) \| [^|]+ \| (?P<status>[a-z ]+) \| [^|]+ \|$",
    re.MULTILINE,
)
PATH = re.compile(r"`((?:tests|leadtracker)/[\w/.]+)`")
# How many requirements of levels 1 and 2 each chapter of version 5.0.0 has.
CHAPTERS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29}
CHAPTERS |= {11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7}
LEVELS = {"1": 70, "2": 183}


@pytest.fixture(scope="module")
def text() -> str:
    return TABLE.read_text(encoding="utf-8")


def test_every_requirement_has_one_row(text: str) -> None:
    rows = list(ROW.finditer(text))
    numbers = [row["number"] for row in rows]
    assert (
        len(numbers)
        == len(set(numbers))
        == text.count("\n| 1") + sum(text.count(f"\n| {digit}") for digit in range(2, 10))
    )
    assert Counter(int(number.partition(".")[0]) for number in numbers) == CHAPTERS
    assert Counter(row["level"] for row in rows) == LEVELS
    assert numbers == sorted(numbers, key=lambda one: [int(part) for part in one.split(".")])


def test_every_status_is_one_of_three(text: str) -> None:
    assert {row["status"] for row in ROW.finditer(text)} == {"met", "not applicable", "open"}


def test_named_files_exist(text: str) -> None:
    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    assert missing == []
