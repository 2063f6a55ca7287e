"""The errors: each is in the documented tree, has a unique code, and reveals no secret."""

import re
from collections.abc import Iterator

import pytest

from leadtracker.domain import errors
from leadtracker.domain.errors import FieldError, InvalidInput, LeadTrackerError
from tests.support.clock import NOW


def family(root: type[LeadTrackerError]) -> Iterator[type[LeadTrackerError]]:
    yield root
    for child in root.__subclasses__():
        if child.__module__.startswith(errors.__name__):
            yield from family(child)


ERRORS = list(family(LeadTrackerError))
EXAMPLES = {
    errors.InvalidInput: InvalidInput([FieldError("email", "is required")]),
    errors.PermissionDenied: errors.PermissionDenied("lead:read"),
    errors.DuplicateLead: errors.DuplicateLead("lead-1"),
    errors.LastAdmin: errors.LastAdmin("ann"),
    errors.NotInvited: errors.NotInvited("ann"),
    errors.NameTaken: errors.NameTaken("ann"),
    errors.ReportInProgress: errors.ReportInProgress("2026-W46"),
    errors.WeekNotClosed: errors.WeekNotClosed("2026-W47", NOW),
    errors.LeadNotFound: errors.LeadNotFound("lead-1"),
    errors.ReportNotFound: errors.ReportNotFound("2026-W46"),
    errors.AccountNotFound: errors.AccountNotFound("ann"),
}


def test_docstring_shows_the_error_tree() -> None:
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert sorted(drawn) == sorted(error.__name__ for error in ERRORS[1:])


def test_error_codes_are_unique() -> None:
    codes = [error.code for error in ERRORS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (errors.LeadNotFound, "there is no lead lead-1"),
        (errors.ReportNotFound, "there is no weekly report 2026-W46"),
        (errors.AccountNotFound, "there is no user ann"),
        (errors.InvalidInput, "email: is required"),
        (errors.PermissionDenied, "this needs the permission lead:read"),
        (errors.DuplicateLead, "a lead with this e-mail address or phone number exists"),
        (errors.LastAdmin, "ann is the last enabled admin"),
        (errors.NameTaken, "the name ann is taken"),
        (errors.ReportInProgress, "the report of 2026-W46 is being sent by another process"),
        (
            errors.WeekNotClosed,
            "2026-W47 is not closed; it can be counted from 2026-11-18 12:00 UTC on",
        ),
    ],
)
def test_error_has_a_message(error: type[LeadTrackerError], text: str) -> None:
    assert str(EXAMPLES[error]) == text


def test_invalid_input_names_all_fields() -> None:
    several = InvalidInput([FieldError("email", "is required"), FieldError("phone", "is odd")])
    assert [error.field for error in several.errors] == ["email", "phone"]
    assert InvalidInput.of("week", "is odd").errors == (FieldError("week", "is odd"),)
