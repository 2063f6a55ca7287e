"""``GET /leads``: days are those of the business, from midnight to midnight, whatever the clocks do."""

import pytest
from flask import Flask

from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import MakeContainer
from tests.support.database import on_every_database
from tests.support.examples.cases import each
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

# Each lead is named for its local time in Berlin. Summer time began on 2026-03-29 and ended on 2026-10-25.
LEADS = {
    "mar28-last": "2026-03-28T22:59:59.999999Z",
    "mar29-first": "2026-03-28T23:00:00.000000Z",
    "mar29-last": "2026-03-29T21:59:59.999999Z",
    "mar30-first": "2026-03-29T22:00:00.000000Z",
    "oct24-last": "2026-10-24T21:59:59.999999Z",
    "oct25-first": "2026-10-24T22:00:00.000000Z",
    "oct25-last": "2026-10-25T22:59:59.999999Z",
    "oct26-first": "2026-10-25T23:00:00.000000Z",
}


@pytest.fixture
def app(make_container: MakeContainer) -> Flask:
    return create_app(make_container(timezone="Europe/Berlin"))


@pytest.fixture(autouse=True)
def leads(raw_db: RawDatabase) -> None:
    for name, created_at in LEADS.items():
        raw_db.add_lead(f"{name}@example.com", created_at)


def found(client: Client, **query: str) -> list[str]:
    """The names of the leads that are found, oldest first."""
    response = client.get("/leads", **query)
    assert response.status == 200, response.body
    return [lead["email"].partition("@")[0] for lead in reversed(response.body)]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-03-28", "2026-03-28", ["mar28-last"]),
        ("2026-03-29", "2026-03-29", ["mar29-first", "mar29-last"]),
        ("2026-03-30", "2026-03-30", ["mar30-first"]),
        ("2026-10-25", "2026-10-25", ["oct25-first", "oct25-last"]),
        ("2026-10-24", "2026-10-25", ["oct24-last", "oct25-first", "oct25-last"]),
        ("2026-10-26", "2027-01-01", ["oct26-first"]),
        ("2026-10-25", "2026-10-24", []),
    ],
)
def test_date_range_includes_both_days(viewer: Client, first: str, last: str, expected: list[str]) -> None:
    assert found(viewer, created_from=first, created_to=last) == expected


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("2026-10-25T22:59:59.999999Z", ["oct25-last", "oct26-first"]),
        ("2026-10-25T23:00:00Z", ["oct26-first"]),
        ("2026-10-26T00:00:00+01:00", ["oct26-first"]),
        ("2026-10-25T20:00:00.0-03:00", ["oct26-first"]),
        ("2026-10-25 23:00Z", ["oct26-first"]),
        ("2026-10-25T23:00:00.000001Z", []),
    ],
)
def test_timestamp_is_included_at_start(viewer: Client, timestamp: str, expected: list[str]) -> None:
    assert found(viewer, created_from=timestamp) == expected


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("2026-03-28T23:00:00Z", ["mar28-last"]),
        ("2026-03-28T23:00:00.000001Z", ["mar28-last", "mar29-first"]),
        ("2026-03-28T22:59:59.999999Z", []),
    ],
)
def test_timestamp_is_excluded_at_end(viewer: Client, timestamp: str, expected: list[str]) -> None:
    assert found(viewer, created_to=timestamp) == expected


@on_every_database
def test_leads_are_found_by_the_time_of_their_last_change(viewer: Client, raw_db: RawDatabase) -> None:
    changed = "2026-11-02T10:00:00.000001Z"
    raw_db.execute("UPDATE leads SET updated_at = ? WHERE email = ?", changed, "oct25-last@example.com")
    assert found(viewer, updated_from=changed) == ["oct25-last"]
    assert found(viewer, updated_from="2026-11-02", updated_to=changed) == []
    assert "oct25-last" not in found(viewer, updated_to=changed)
    assert found(viewer, updated_from="2026-03-29", updated_to="2026-03-29") == ["mar29-first", "mar29-last"]


def test_unescaped_plus_is_accepted(viewer: Client) -> None:
    response = viewer.request("GET", "/leads?created_from=2026-10-26T00:00:00+01:00")
    assert [lead["email"] for lead in response.body] == ["oct26-first@example.com"]


@on_every_database
@pytest.mark.parametrize("bound", ["created_from", "created_to", "updated_from", "updated_to"])
@each("timestamp", ["0001-01-01", "0001-01-01T00:00:00Z", "9999-12-30", "9999-12-31T23:59:59.999999Z"])
def test_extreme_times_are_accepted(viewer: Client, bound: str, timestamp: str) -> None:
    response = viewer.get("/leads", **{bound: timestamp})
    assert response.status in {200, 422}
