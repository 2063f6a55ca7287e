"""Every refusal of the domain has its answer at every door."""

from collections.abc import Iterator

import pytest

from leadtracker.domain.errors import LeadTrackerError
from leadtracker.entrypoints.cli.main import EXIT_STATUSES, exit_status
from leadtracker.entrypoints.http.middleware.problems import ANSWERS, answer_for


def error_classes(error: type[LeadTrackerError]) -> Iterator[type[LeadTrackerError]]:
    for kind in error.__subclasses__():
        yield kind
        yield from error_classes(kind)


EVERY_ERROR = sorted(error_classes(LeadTrackerError), key=lambda error: error.__name__)
every_error = pytest.mark.parametrize("error", EVERY_ERROR)


def test_there_are_errors() -> None:
    assert len(EVERY_ERROR) > 10


@every_error
def test_http_has_an_answer(error: type[LeadTrackerError]) -> None:
    answer = answer_for(error)
    assert answer is not None
    assert 400 <= answer.status <= 599
    assert answer.status != 500


@every_error
def test_the_command_line_has_an_exit_status(error: type[LeadTrackerError]) -> None:
    assert any(base in EXIT_STATUSES for base in error.__mro__)
    assert exit_status(error) in {1, 2}


@every_error
def test_it_has_a_code_of_its_own(error: type[LeadTrackerError]) -> None:
    assert [one.code for one in EVERY_ERROR].count(error.code) == 1
    assert error.code != LeadTrackerError.code


def test_no_door_answers_what_is_never_raised() -> None:
    assert set(ANSWERS) | set(EXIT_STATUSES) <= set(EVERY_ERROR)
