"""Query parameters: one model validates them and describes them to OpenAPI."""

from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import MultiDict

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Sort
from leadtracker.entrypoints.http.requests.lead_params import LeadListParams
from leadtracker.entrypoints.http.requests.list_params import CohortParams, DeliveryListParams
from leadtracker.entrypoints.http.requests.query import openapi_parameters


def test_valid_parameters_are_converted() -> None:
    args = MultiDict([("state", "LOST"), ("state", ""), ("state", "PENDING"), ("limit", "7"), ("email", "")])
    params = LeadListParams.read(args, zone=UTC)
    assert params.states == [LeadState.LOST, LeadState.PENDING]
    assert (params.limit, params.sort, params.email_key) == (7, Sort.LATEST_CREATED, None)


def test_days_include_the_last_one() -> None:
    args = MultiDict([("from", "2026-11-16"), ("to", "2026-11-16")])
    time_range = CohortParams.read(args, zone=UTC).time_range
    assert (time_range.start, time_range.end) == (
        datetime(2026, 11, 16, tzinfo=UTC),
        datetime(2026, 11, 17, tzinfo=UTC),
    )


def test_all_errors_are_reported_together() -> None:
    args = MultiDict([("state", "gone"), ("limit", "1"), ("limit", "2"), ("cursor", "?"), ("colour", "")])
    with pytest.raises(InvalidInput) as raised:
        DeliveryListParams.read(args)
    assert {error.field: error.message for error in raised.value.errors} == {
        "state": "must be one of pending, sending, sent, failed, cancelled",
        "limit": "must be given only once",
        "cursor": "must be the cursor of this listing's next link",
        "colour": "is not a parameter here",
    }


def test_openapi_parameters_have_plain_types() -> None:
    parameters = {one["name"]: one for one in openapi_parameters(LeadListParams)}
    assert parameters["limit"] == {
        "name": "limit",
        "in": "query",
        "description": "The maximum number of items of a page.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    }
    assert parameters["state"]["schema"] == {
        "type": "array",
        "items": {"type": "string", "enum": ["PENDING", "REACHED_OUT", "CONVERTED", "LOST"]},
    }
    assert parameters["cursor"]["schema"].keys() == {"type", "examples"}
    assert parameters["created_from"]["schema"]["anyOf"] == [
        {"type": "string", "format": "date"},
        {"type": "string", "format": "date-time"},
    ]
