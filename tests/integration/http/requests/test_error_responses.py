"""Every domain error has a response at every entrypoint."""

from collections.abc import Iterator

import pytest

from leadtracker.domain.errors import LeadTrackerError
from leadtracker.entrypoints.cli.main import EXIT_STATUSES, exit_status
from leadtracker.entrypoints.http.middleware.problems import ERROR_RESPONSES, error_response_for


def error_classes(error: type[LeadTrackerError]) -> Iterator[type[LeadTrackerError]]:
    for kind in error.__subclasses__():
        yield kind
        yield from error_classes(kind)


EVERY_ERROR = sorted(error_classes(LeadTrackerError), key=lambda error: error.__name__)
every_error = pytest.mark.parametrize("error", EVERY_ERROR)


def test_domain_errors_exist() -> None:
    assert len(EVERY_ERROR) > 10


@every_error
def test_http_maps_every_error(error: type[LeadTrackerError]) -> None:
    response = error_response_for(error)
    assert response is not None
    assert 400 <= response.status <= 599
    assert response.status != 500


@every_error
def test_cli_maps_every_error(error: type[LeadTrackerError]) -> None:
    assert any(base in EXIT_STATUSES for base in error.__mro__)
    assert exit_status(error) in {1, 2}


@every_error
def test_error_codes_are_unique(error: type[LeadTrackerError]) -> None:
    assert [one.code for one in EVERY_ERROR].count(error.code) == 1
    assert error.code != LeadTrackerError.code


def test_mappings_hold_only_raised_errors() -> None:
    assert set(ERROR_RESPONSES) | set(EXIT_STATUSES) <= set(EVERY_ERROR)
