"""``GET /leads`` in the order of a name, a state, an owner or a source."""

import re
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.leads.queries.text_order import MAX_SORTED_BY_TEXT
from tests.integration.http.conftest import PHRASE
from tests.support.builders import make_fields
from tests.support.clock import MICROSECOND
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.cases import each
from tests.support.examples.many_leads import add_many_leads
from tests.support.http import Client, fields_in
from tests.support.memory.system import MemoryClock

PEOPLE: tuple[dict[str, Any], ...] = (
    {"first_name": "Zoe", "last_name": "Adam", "source": "Öl", "state": "LOST"},
    {"first_name": "ärger", "last_name": "Beck", "source": "ofen"},
    {"first_name": "Anna", "last_name": None, "state": "REACHED_OUT", "owner": "ann"},
    {"first_name": "anna", "last_name": "Çelik", "source": "Ofen"},
    {"first_name": "Łukasz", "last_name": "Öz", "state": "REACHED_OUT"},
)


@pytest.fixture
def people(container: Container, agent: Client, clock: MemoryClock) -> None:
    """Five leads, one after the other."""
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, PHRASE)
    for number, person in enumerate(PEOPLE):
        clock.advance(MICROSECOND)
        names = {name: person[name] for name in ("first_name", "last_name", "source") if name in person}
        lead = agent.post("/leads", make_fields(f"p{number}@example.com", **names)).body
        changes = {name: person[name] for name in ("state", "owner") if name in person}
        if changes:
            assert agent.patch(f"/leads/{lead['id']}", changes).status == 200


def names(response: Any) -> list[str]:
    """Return the first names of the leads of a response."""
    assert response.status == 200
    return [lead["first_name"] for lead in response.body]


@on_every_database
@pytest.mark.usefixtures("people")
@each(
    ("sort", "expected"),
    [
        ("name", ["Anna", "anna", "ärger", "Łukasz", "Zoe"]),
        ("-name", ["Zoe", "Łukasz", "ärger", "anna", "Anna"]),
        ("state", ["anna", "ärger", "Łukasz", "Anna", "Zoe"]),
        ("-state", ["Zoe", "Łukasz", "Anna", "anna", "ärger"]),
        ("owner", ["Anna", "Łukasz", "anna", "ärger", "Zoe"]),
        ("-owner", ["Anna", "Łukasz", "anna", "ärger", "Zoe"]),
        ("source", ["anna", "ärger", "Zoe", "Łukasz", "Anna"]),
        ("-source", ["Zoe", "anna", "ärger", "Łukasz", "Anna"]),
    ],
)
def test_leads_come_in_order_page_by_page(viewer: Client, sort: str, expected: list[str]) -> None:
    assert names(viewer.get("/leads", sort=sort)) == expected
    response, found = viewer.get("/leads", sort=sort, limit="2"), []
    for _ in range(3):
        found.append(names(response))
        if link := re.search(r'<([^>]+)>; rel="next"', response.headers.get("Link", "")):
            response = viewer.get("/leads", **parse_qs(urlsplit(link[1]).query))
    assert found == [expected[:2], expected[2:4], expected[4:]]


def cursor_of(client: Client, sort: str) -> str:
    """Return the cursor of the second page of a list."""
    link = client.get("/leads", sort=sort, limit="1").headers["Link"]
    return parse_qs(urlsplit(link.partition(">")[0]).query)["cursor"][0]


@on_sqlite
@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("made_for", "sort"),
    [("name", "-name"), ("name", "owner"), ("name", "created_at"), ("created_at", "name"), ("-state", "")],
)
def test_cursor_of_another_order_is_rejected(viewer: Client, made_for: str, sort: str) -> None:
    rejected = viewer.get("/leads", sort=sort, cursor=cursor_of(viewer, made_for))
    assert rejected.status == 422
    assert fields_in(rejected) == ["cursor"]


@on_sqlite
def test_longest_names_have_a_next_page(agent: Client, viewer: Client, clock: MemoryClock) -> None:
    for number in range(2):
        clock.advance(MICROSECOND)
        fields = {"first_name": "\U0001f98a" * 100, "last_name": "\ufdfa" * 100}
        assert agent.post("/leads", make_fields(f"p{number}@example.com", **fields)).status == 201
    cursor = cursor_of(viewer, "name")
    assert len(cursor) < 1_000
    [last] = viewer.get("/leads", sort="name", cursor=cursor).body
    assert last["email"] == "p0@example.com"


@on_sqlite
@each(
    ("cursor",),
    [
        ("name 2026-11-16T09:30:00.000000Z lead-1 \x00",),
        ("name 2026-11-16T09:30:00.000000Z lead-1 \ud800",),
        ("name 2026-11-16T09:30:00.000000Z lead-1 " + "\U0010ffff" * 500,),
        ("name 2026-11-16T09:30:00.000000Z lead-1  ",),
        ("name 2026-11-16T09:30:00.000000Z lead-1",),
        ("name 2026-11-16T09:30:00.000000Z lead_1 ann",),
        ("name 2026-11-16 lead-1 ann",),
        ("name",),
    ],
)
def test_made_up_cursor_is_a_position_or_an_error(agent: Client, cursor: str) -> None:
    agent.post("/leads", make_fields())
    encoded = urlsafe_b64encode(cursor.encode(errors="surrogatepass")).decode().rstrip("=")
    for sort in ("name", "-name"):
        assert agent.get("/leads", sort=sort, cursor=encoded).status in {200, 422}


@on_sqlite
def test_longer_list_is_sorted_by_times_only(agent: Client, viewer: Client, database_url: str) -> None:
    add_many_leads(database_url, MAX_SORTED_BY_TEXT)
    [first] = viewer.get("/leads", sort="name", limit="1").body
    assert first["first_name"] == f"P{999_999 - MAX_SORTED_BY_TEXT}"
    agent.post("/leads", make_fields())
    rejected = viewer.get("/leads", sort="-name", limit="1")
    assert rejected.status == 422
    message = (
        "must be a time, because more than 10,000 leads match; narrow the list by its filters to sort it "
        "by anything else"
    )
    assert rejected.body["errors"] == [{"field": "sort", "message": message}]
    assert f"sort: {message}" in rejected.body["detail"]
    assert len(viewer.get("/leads", sort="-name", source="rare").body) == 2
    assert viewer.get("/leads", sort="updated_at", limit="1").status == 200
