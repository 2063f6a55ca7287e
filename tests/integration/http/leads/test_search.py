"""``GET /leads?q=``: finding leads by words, together with everything else that can be asked."""

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.http.requests.test_paging import next_path
from tests.support.builders import make_fields
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.cases import each
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

LEADS: tuple[dict[str, str], ...] = (
    {"first_name": "Zoë", "last_name": "Müller", "email": "zoe@firm.example", "message": "A lease contract."},
    {"first_name": "Ann", "last_name": "Lee", "email": "ann@firm.example", "phone": "+49 30 901820"},
    {"first_name": "Leo", "last_name": "Øster", "email": "leo.contract@other.example", "source": "firm"},
)


@pytest.fixture
def leads(agent: Client, clock: MemoryClock) -> None:
    """Three leads, captured on three days; the last one was lost."""
    for fields in LEADS:
        agent.post("/leads", fields)
        clock.advance(timedelta(days=1))
    [leo] = agent.get("/leads", q="leo").body
    agent.patch(f"/leads/{leo['id']}", {"state": "LOST"})


def found(client: Client, q: str, **query: Any) -> list[str]:
    response = client.get("/leads", q=q, **query)
    assert response.status == 200
    return [lead["first_name"] for lead in response.body]


@pytest.mark.usefixtures("leads")
class TestWords:
    @each(
        ("q", "names"),
        [
            ("zoe", ["Zoë"]),
            ("ZOË MULLER", ["Zoë"]),
            ("muller zoe", ["Zoë"]),
            ("mul", ["Zoë"]),
            ("ller", []),
            ("oster", ["Leo"]),
            ("contract", ["Leo", "Zoë"]),
            ("lease contract", ["Zoë"]),
            ("contract!", ["Leo", "Zoë"]),
            ("le", ["Leo", "Ann", "Zoë"]),
            ("firm", ["Ann", "Zoë"]),
            ("ann@firm.example", ["Ann"]),
            ("+4930901820", ["Ann"]),
            ("030 / 90 18 20", ["Ann"]),
            ("901820", ["Ann"]),
            ("zoe lee", []),
            ("unknown", []),
        ],
    )
    def test_words_are_found_in_every_field(self, viewer: Client, q: str, names: list[str]) -> None:
        assert found(viewer, q) == names

    @pytest.mark.parametrize("q", ["", "   "])
    def test_empty_search_matches_all(self, viewer: Client, q: str) -> None:
        assert found(viewer, q) == ["Leo", "Ann", "Zoë"]

    @on_every_database
    @each(
        "q", ["?!", '"', "' OR 1=1 --", "*", "NEAR(a b)", "a AND", "-zoe OR", "\x00", "é" * 5_000, "(", ":*"]
    )
    def test_any_search_text_is_valid(self, viewer: Client, q: str) -> None:
        assert viewer.get("/leads", q=q).status == 200

    @on_every_database
    @each(
        ("query", "names"),
        [
            ({"state": "LOST"}, ["Leo"]),
            ({"state": ["LOST", "PENDING"]}, ["Leo", "Zoë"]),
            ({"created_from": "2026-11-19"}, ["Leo"]),
            ({"created_to": "2026-11-19"}, ["Zoë"]),
            ({"created_from": "2026-11-18", "created_to": "2026-11-18"}, ["Zoë"]),
            ({"source": "firm"}, ["Leo"]),
            ({"email": "zoe@firm.example"}, ["Zoë"]),
            ({"follow_up": "none"}, ["Leo", "Zoë"]),
            ({"follow_up": "overdue"}, []),
            ({"sort": "created_at"}, ["Zoë", "Leo"]),
            ({"sort": "-updated_at"}, ["Leo", "Zoë"]),
            ({"sort": "updated_at", "limit": 1}, ["Zoë"]),
            ({"duplicates": "only"}, []),
        ],
    )
    def test_filters_are_combined(self, viewer: Client, query: dict[str, Any], names: list[str]) -> None:
        assert found(viewer, "contract", **query) == names


def test_changed_lead_is_found_by_new_words(agent: Client, lead: dict[str, Any]) -> None:
    agent.patch(f"/leads/{lead['id']}", {"first_name": "Bob", "email": "bob@example.com", "message": None})
    assert found(agent, "bob") == ["Bob"]
    assert found(agent, "ann") == found(agent, "call") == []


def test_duplicates_are_found_on_request(public: Client, viewer: Client) -> None:
    for name in ("Ann", "Anna"):
        public.post("/leads", make_fields(first_name=name))
    assert found(viewer, "ann") == ["Ann"]
    assert found(viewer, "ann", duplicates="only") == ["Anna"]


@on_every_database
@pytest.mark.parametrize("sort", ["created_at", "-created_at", "updated_at", "-updated_at", "follow_up_at"])
def test_links_lead_through_all_results(agent: Client, clock: MemoryClock, sort: str) -> None:
    for number in range(10):
        name = "Ann" if number % 3 else "Bob"
        made = agent.post("/leads", make_fields(f"p{number}@example.com", first_name=name)).body
        if number % 4 == 0:
            agent.post(f"/leads/{made['id']}/follow-up", {"due_at": f"2026-12-{20 - number}T00:00:00Z"})
        clock.advance(timedelta(minutes=number % 2))
    query = {"q": "ann", "state": ["PENDING", "LOST"], "created_from": "2026-11-18", "sort": sort}
    whole = [lead["id"] for lead in agent.get("/leads", limit=200, **query).body]
    response = agent.get("/leads", limit=2, **query)
    read = [lead["id"] for lead in response.body]
    while path := next_path(response):
        response = agent.request("GET", path)
        read += [lead["id"] for lead in response.body]
    assert len(whole) == 6
    assert read == whole


@on_sqlite
def test_cursor_is_bound_to_sort_order(agent: Client, lead: dict[str, Any], public: Client) -> None:
    agent.post("/leads", make_fields("bob@example.com", first_name=lead["first_name"]))
    path = next_path(agent.get("/leads", q="ann", limit=1, sort="created_at")) or ""
    assert agent.request("GET", path.replace("sort=created_at", "sort=updated_at")).status == 422
    assert public.request("GET", path).status == 401
