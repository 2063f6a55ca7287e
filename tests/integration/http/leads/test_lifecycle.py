"""The states of a lead over HTTP: every pair of them, in one table."""

from itertools import product

import pytest

from leadtracker.domain.model.leads.lifecycle import LeadState
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

ALLOWED = {
    "PENDING": ["REACHED_OUT", "LOST"],
    "REACHED_OUT": ["CONVERTED", "LOST", "PENDING"],
    "CONVERTED": ["REACHED_OUT"],
    "LOST": ["PENDING", "REACHED_OUT"],
}
PAIRS = list(product(ALLOWED, repeat=2))


def test_table_covers_every_state() -> None:
    assert set(ALLOWED) == {state.value for state in LeadState}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(("state", "target"), PAIRS, ids=[f"{one} to {other}" for one, other in PAIRS])
def test_every_transition_matches_table(
    agent: Client, raw_db: RawDatabase, lead: dict[str, str], method: str, state: str, target: str
) -> None:
    path = f"/leads/{lead['id']}"
    raw_db.execute("UPDATE leads SET state = ? WHERE id = ?", state, lead["id"])
    response = agent.request(method, path, json={"state": target})
    if state == target:
        assert (response.status, response.body) == (200, lead | {"state": state})
    elif target in ALLOWED[state]:
        assert (response.status, response.body) == (200, lead | {"state": target, "version": 2})
    else:
        assert response.status == 409
        assert response.body["type"] == "urn:leadtracker:problem:illegal-transition"
        assert response.body["allowed"] == ALLOWED[state]
        assert agent.get(path).body == lead | {"state": state}


def test_an_ilallowed_transition_takes_nothing_else_along(agent: Client, lead: dict[str, str]) -> None:
    rejected = agent.patch(f"/leads/{lead['id']}", {"state": "CONVERTED", "first_name": "Zoë"})
    assert rejected.status == 409
    assert agent.get(f"/leads/{lead['id']}").body == lead


def test_field_error_precedes_illegal_transition(agent: Client, lead: dict[str, str]) -> None:
    assert agent.patch(f"/leads/{lead['id']}", {"state": "CONVERTED", "email": "x"}).status == 422
