"""The largest JSON bodies that consist of names: none takes long, and what is beyond the bound is counted."""

import json
from collections.abc import Iterator

import pytest

from leadtracker.domain.model.leads.inputs.answers import MAX_ANSWERS
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from tests.integration.http.requests.test_worst_texts import MAX_REQUEST_SECONDS
from tests.support.database import on_sqlite
from tests.support.examples.worst_texts import processor_time_below
from tests.support.http import Client

pytestmark = on_sqlite

PERSON = {"first_name": "Ann", "email": "ann@example.com"}


def names(number: int, value: object = "x") -> dict[str, object]:
    return {f"n{index}": value for index in range(number)}


def described(number: int, *labels: str) -> list[dict[str, str]]:
    return [{label: f"{label}{index}" for label in labels} | {"value": "x"} for index in range(number)]


def bodies() -> Iterator[tuple[str, dict[str, object]]]:
    """The shapes in which a body can hold many names, about as many as fit into the largest one."""
    yield "texts", names(20_000)
    yield "a person before texts", PERSON | names(20_000)
    yield "objects", names(12_000, {"a": "b"})
    yield "members of an object", PERSON | {"x": names(20_000)}
    yield "members of the object of a person", {"contact": names(20_000) | PERSON}
    yield "objects of persons", {"contact": names(4_500, PERSON)}
    yield "nested objects of persons", {"data": {"lead": {"contact": names(20_000)}}}
    yield "secrets", PERSON | {"x": {f"token{index}": "x" for index in range(15_000)}}
    yield "described inputs", {"fields": described(7_000, "name")}
    yield "described inputs with keys", {"data": {"fields": described(4_000, "label", "key")}}
    yield "lists of texts", names(15_000, ["x"])
    yield "elements of a list", PERSON | {"x": ["x"] * 50_000}
    yield "inputs as JSON", {"rawRequest": json.dumps(names(12_000))}


@pytest.mark.parametrize("raw", [pytest.param(raw, id=label) for label, raw in bodies()])
def test_many_names_are_answered_quickly(public: Client, raw: dict[str, object]) -> None:
    public.post("/leads", PERSON)  # what the first request takes longer
    body = json.dumps(raw, separators=(",", ":")).encode()
    assert MAX_BODY_BYTES / 2 < len(body) < MAX_BODY_BYTES
    with processor_time_below(MAX_REQUEST_SECONDS, "POST /leads"):
        response = public.unchecked("POST", "/leads", data=body, content_type="application/json")
    assert response.status in {201, 422}


def test_names_beyond_bound_are_counted(public: Client, agent: Client) -> None:
    lead = public.post("/leads", PERSON | names(20_000)).body
    [entry] = [
        one for one in agent.get(f"/leads/{lead['id']}/history").body if one["action"] == "inputs_left_out"
    ]
    assert str(20_000 - MAX_ANSWERS) in json.dumps(entry)
