"""``GET /leads``: who is found, in which order, and what is not a question."""

from typing import Any

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.support.builders import make_fields
from tests.support.clock import MICROSECOND
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.cases import each
from tests.support.http import Client, fields_in
from tests.support.memory.system import MemoryClock

LEADS = (
    {"email": "ann@example.com", "state": "PENDING", "source": "ad", "created_at": "2026-11-01T10:00:00Z"},
    {"email": "bob@example.com", "state": "LOST", "source": "ad", "created_at": "2026-11-02T10:00:00Z"},
    {"email": "eve@müller.example", "state": "CONVERTED", "created_at": "2026-11-03T10:00:00Z"},
    {"email": "dan@example.com", "state": "REACHED_OUT", "created_at": "2026-11-04T10:00:00Z"},
)


@pytest.fixture
def leads(container: Container, public: Client) -> None:
    """Four leads that differ, and a duplicate of the first."""
    rows = [ImportRow(number, make_fields() | lead) for number, lead in enumerate(LEADS)]
    list(container.import_leads()(OPERATOR, rows))
    public.post("/leads", make_fields("ANN@example.com", source="again"))


def found(client: Client, **query: Any) -> list[str]:
    """The beginnings of the addresses of the leads that are found."""
    response = client.get("/leads", **query)
    assert response.status == 200
    return [lead["email"].partition("@")[0] for lead in response.body]


def test_empty_list_has_no_leads(viewer: Client) -> None:
    response = viewer.get("/leads")
    assert (response.status, response.body) == (200, [])
    assert "Link" not in response.headers


@pytest.mark.usefixtures("leads")
class TestFilters:
    @on_every_database
    def test_primary_leads_are_listed_newest_first(self, viewer: Client) -> None:
        assert found(viewer) == ["dan", "eve", "bob", "ann"]

    @pytest.mark.parametrize(
        ("duplicates", "expected"),
        [
            ("exclude", ["dan", "eve", "bob", "ann"]),
            ("include", ["ANN", "dan", "eve", "bob", "ann"]),
            ("only", ["ANN"]),
        ],
    )
    def test_duplicates_filter_selects_leads(
        self, viewer: Client, duplicates: str, expected: list[str]
    ) -> None:
        assert found(viewer, duplicates=duplicates) == expected

    @pytest.mark.parametrize(
        ("states", "expected"),
        [
            (["PENDING"], ["ann"]),
            (["LOST", "CONVERTED"], ["eve", "bob"]),
            (["LOST", "LOST"], ["bob"]),
            (["PENDING", "REACHED_OUT", "CONVERTED", "LOST"], ["dan", "eve", "bob", "ann"]),
            ([""], ["dan", "eve", "bob", "ann"]),
        ],
    )
    def test_state_filter_selects_leads(self, viewer: Client, states: list[str], expected: list[str]) -> None:
        assert found(viewer, state=states) == expected

    @pytest.mark.parametrize(
        ("email", "expected"),
        [
            ("bob@example.com", ["bob"]),
            (" BOB@EXAMPLE.com ", ["bob"]),
            ("eve@xn--mller-kva.example", ["eve"]),
            ("eve@MU\u0308LLER.example", ["eve"]),
            ("unknown@example.com", []),
        ],
    )
    def test_address_filter_is_normalised(self, viewer: Client, email: str, expected: list[str]) -> None:
        assert found(viewer, email=email) == expected

    def test_duplicate_is_found_by_address(self, viewer: Client) -> None:
        assert found(viewer, email="ann@example.com", duplicates="include") == ["ANN", "ann"]

    @pytest.mark.parametrize(("source", "expected"), [("ad", ["bob", "ann"]), ("AD", []), ("again", [])])
    def test_source_filter_is_exact(self, viewer: Client, source: str, expected: list[str]) -> None:
        assert found(viewer, source=source) == expected

    @on_every_database
    def test_filters_are_combined(self, viewer: Client) -> None:
        assert found(viewer, source="ad", state="LOST", created_from="2026-11-02") == ["bob"]
        assert found(viewer, source="ad", state="LOST", created_from="2026-11-03") == []

    @pytest.mark.parametrize("limit", [1, 3, 4, 200])
    def test_limit_is_applied(self, viewer: Client, limit: int) -> None:
        assert found(viewer, limit=limit) == ["dan", "eve", "bob", "ann"][:limit]

    def test_default_limit_is_fifty(self, viewer: Client, agent: Client, clock: MemoryClock) -> None:
        for number in range(51):
            clock.advance(MICROSECOND)
            agent.post("/leads", make_fields(f"p{number}@example.com"))
        assert len(found(viewer)) == 50


@on_sqlite
class TestErrors:
    @each(
        ("query", "field"),
        [
            ({"created_from": "yesterday"}, "created_from"),
            ({"created_from": "2026-02-30"}, "created_from"),
            ({"created_to": "2026-11-16T09:30:00"}, "created_to"),
            ({"created_to": "9999-12-31"}, "created_to"),
            ({"created_to": "٢٠٢٦-11-16"}, "created_to"),
            ({"updated_from": "yesterday"}, "updated_from"),
            ({"updated_to": "2026-02-30"}, "updated_to"),
            ({"state": "open"}, "state"),
            ({"state": ["PENDING", "OPEN"]}, "state"),
            ({"email": "unknown"}, "email"),
            ({"email": "a\x00@example.com"}, "email"),
            ({"source": "x" * 201}, "source"),
            ({"source": "a\nb"}, "source"),
            ({"duplicates": "all"}, "duplicates"),
            ({"limit": "0"}, "limit"),
            ({"limit": "201"}, "limit"),
            ({"limit": "-1"}, "limit"),
            ({"limit": "1.5"}, "limit"),
            ({"limit": "ten"}, "limit"),
            ({"limit": "٣"}, "limit"),
            ({"limit": "9" * 5_000}, "limit"),
            ({"created_form": "2026-11-16"}, "created_form"),
            ({"Limit": "5"}, "Limit"),
            ({"sort": "first_name"}, "sort"),
            ({"sort": "-follow_up_at"}, "sort"),
        ],
    )
    def test_invalid_parameter_is_named(self, viewer: Client, query: dict[str, Any], field: str) -> None:
        rejected = viewer.get("/leads", **query)
        assert rejected.status == 422
        assert fields_in(rejected) == [field]

    def test_every_invalid_parameter_is_named(self, viewer: Client) -> None:
        bad = ("created_from", "created_to", "state", "email", "duplicates", "limit", "cursor", "colour")
        assert fields_in(viewer.get("/leads", **dict.fromkeys(bad, "?"))) == sorted(bad)

    @pytest.mark.parametrize("name", ["created_from", "email", "source", "duplicates", "limit", "cursor"])
    def test_repeated_parameter_is_rejected(self, viewer: Client, name: str) -> None:
        rejected = viewer.get("/leads", **{name: ["1", "1"]})
        assert rejected.body["errors"] == [{"field": name, "message": "must be given only once"}]

    @pytest.mark.parametrize("name", ["created_from", "state", "email", "source", "limit", "cursor"])
    def test_empty_parameter_is_ignored(self, viewer: Client, name: str) -> None:
        assert found(viewer, **{name: ""}) == []
