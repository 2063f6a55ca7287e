"""The summary of an import: all rows that were not created are listed, up to a limit."""

import pytest

from leadtracker.domain.errors import FieldError
from leadtracker.domain.use_cases.imports.import_rows import ImportRow, RowOutcome, RowResult
from leadtracker.entrypoints.formats.import_summary import MAX_LISTED_ROWS, ImportSummary

ERRORS = (FieldError("email", "is required"), FieldError("state", "is unknown"))


def result(outcome: RowOutcome, line: int = 2) -> RowResult:
    row = ImportRow(line, {"email": " ann@example.com\t"})
    return RowResult(row, outcome, ERRORS if outcome is RowOutcome.REJECTED else ())


def test_plain_import_summary_is_short() -> None:
    summary = ImportSummary()
    for line, outcome in enumerate(list(RowOutcome)[:3], start=2):
        summary.add(result(outcome, line))
    assert summary.as_json() == {
        "created": 1,
        "duplicates": [{"line": 3, "email": "ann@example.com"}],
        "rejected": [{"line": 4, "field": "email", "message": "is required; “state” is unknown"}],
    }


def test_ignored_columns_are_named() -> None:
    assert ImportSummary(("shoe size",)).as_json()["ignored_columns"] == ("shoe size",)


@pytest.mark.parametrize("name", ["duplicate", "rejected"])
def test_long_row_lists_are_truncated(name: str) -> None:
    summary = ImportSummary()
    outcome = RowOutcome(name)
    for line in range(2, MAX_LISTED_ROWS + 2):
        summary.add(result(outcome, line))
    assert "not_listed" not in summary.as_json()
    summary.add(result(outcome, MAX_LISTED_ROWS + 2))
    listed = summary.as_json()
    assert sum(listed["not_listed"].values()) == 1
    assert summary.count(outcome) == MAX_LISTED_ROWS + 1
    [key] = [key for key, number in listed["not_listed"].items() if number]
    assert key.startswith(name)
    assert len(listed[key]) == MAX_LISTED_ROWS
    assert listed[key][-1]["line"] == MAX_LISTED_ROWS + 1
