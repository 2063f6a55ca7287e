"""``GET /stats``: numbers of one cohort, and how far it has come since."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.use_cases.imports.import_rows import ImportRow
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client, fields_in
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

NOTHING: dict[str, Any] = {
    "from": None,
    "to": None,
    "by_state": {"PENDING": 0, "REACHED_OUT": 0, "CONVERTED": 0, "LOST": 0},
    "by_source": [],
    "by_owner": [],
    "by_lost_reason": [],
    "by_first_touch": [],
    "by_last_touch": [],
    "by_week": [],
    "funnel": {"captured": 0, "reached_out": 0, "converted": 0},
    "time_to_first_contact": {"contacted": 0, "median_seconds": None, "p90_seconds": None},
}


def stats(client: Client, **query: str) -> dict[str, Any]:
    response = client.get("/stats", **query)
    assert response.status == 200
    body: dict[str, Any] = response.body
    return body


def capture(client: Client, number: int, **fields: object) -> str:
    lead_id: str = client.post("/leads", make_fields(f"p{number}@example.com", **fields)).body["id"]
    return lead_id


def change_state(client: Client, lead_id: str, *states: str) -> None:
    for state in states:
        assert client.patch(f"/leads/{lead_id}", {"state": state}).status == 200


def test_empty_store_has_empty_statistics(viewer: Client) -> None:
    assert stats(viewer) == NOTHING


@on_every_database
def test_cohort_is_grouped_by_state_and_source(public: Client, agent: Client, clock: MemoryClock) -> None:
    ids = [capture(agent, number, source="ad") for number in range(3)]
    clock.advance(timedelta(days=7))
    ids += [capture(agent, 3, source="friend"), capture(agent, 4)]
    public.post("/leads", make_fields("p4@example.com", source="duplicate"))
    change_state(agent, ids[0], "REACHED_OUT", "CONVERTED")
    change_state(agent, ids[1], "REACHED_OUT", "LOST")
    change_state(agent, ids[2], "LOST")
    change_state(agent, ids[3], "REACHED_OUT")
    counted = stats(agent)
    assert counted["by_state"] == {"PENDING": 1, "REACHED_OUT": 1, "CONVERTED": 1, "LOST": 2}
    assert counted["by_source"] == [
        {"source": "ad", "count": 3, "contacted": 2, "converted": 1, "lost": 2},
        {"source": None, "count": 1, "contacted": 0, "converted": 0, "lost": 0},
        {"source": "friend", "count": 1, "contacted": 1, "converted": 0, "lost": 0},
    ]
    assert [(week["week"], week["count"]) for week in counted["by_week"]] == [
        ("2026-W47", 3),
        ("2026-W48", 2),
    ]
    assert counted["by_week"][0]["start"] == "2026-11-16T00:00:00.000000Z"
    assert counted["by_week"][0]["end"] == counted["by_week"][1]["start"] == "2026-11-23T00:00:00.000000Z"
    assert counted["funnel"] == {"captured": 5, "reached_out": 3, "converted": 1}


def test_weeks_have_their_progress_and_response_times(agent: Client, clock: MemoryClock) -> None:
    first, second = capture(agent, 0), capture(agent, 1)
    clock.advance(timedelta(days=7))
    capture(agent, 2)
    change_state(agent, first, "REACHED_OUT", "CONVERTED")
    clock.advance(timedelta(days=1))
    change_state(agent, second, "REACHED_OUT", "LOST")
    [week, empty] = stats(agent)["by_week"]
    assert (week["count"], week["contacted"], week["converted"], week["lost"]) == (2, 2, 1, 1)
    delays = week["time_to_first_contact"]
    assert delays["contacted"] == 2
    assert delays["median_seconds"] == pytest.approx(7.5 * 86_400, abs=1)
    assert delays["p90_seconds"] == pytest.approx(7.9 * 86_400, abs=1)
    assert (empty["count"], empty["time_to_first_contact"]["median_seconds"]) == (1, None)


@on_every_database
def test_first_and_last_touch_are_counted(public: Client, agent: Client, clock: MemoryClock) -> None:
    spring = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "spring"}
    lead_id = capture(public, 0, **spring)
    clock.advance(timedelta(days=1))
    capture(public, 0, utm_campaign="autumn")
    capture(public, 1, gclid="abc")
    change_state(agent, lead_id, "REACHED_OUT", "CONVERTED")
    counted = stats(agent)
    won = {"count": 1, "contacted": 1, "converted": 1, "lost": 0}
    new = {"touch": None, "count": 1, "contacted": 0, "converted": 0, "lost": 0}
    assert counted["by_first_touch"] == [new, {"touch": "google / cpc / spring", **won}]
    assert counted["by_last_touch"] == [new, {"touch": "autumn", **won}]


def test_funnel_follows_reverted_state(agent: Client, lead: dict[str, Any]) -> None:
    for states, reached_out, converted in (
        (["REACHED_OUT"], 1, 0),
        (["CONVERTED"], 1, 1),
        (["REACHED_OUT"], 1, 0),
        (["LOST"], 1, 0),
        (["REACHED_OUT"], 1, 0),
        (["PENDING"], 0, 0),
    ):
        change_state(agent, lead["id"], *states)
        funnel = {"captured": 1, "reached_out": reached_out, "converted": converted}
        assert stats(agent)["funnel"] == funnel


def test_only_the_cohort_counts(agent: Client, clock: MemoryClock) -> None:
    for number in range(4):
        change_state(agent, capture(agent, number), *["REACHED_OUT"] * (number % 2))
        clock.advance(timedelta(days=1))
    counted = stats(agent, **{"from": "2026-11-19", "to": "2026-11-20"})
    assert (counted["from"], counted["to"]) == ("2026-11-19T00:00:00.000000Z", "2026-11-21T00:00:00.000000Z")
    assert counted["funnel"] == {"captured": 2, "reached_out": 1, "converted": 0}
    assert counted["by_state"]["PENDING"] == counted["by_state"]["REACHED_OUT"] == 1
    assert [week["count"] for week in counted["by_week"]] == [2]
    at_noon = {"from": "2026-11-19T12:00:00Z", "to": "2026-11-20T12:00:00Z"}
    assert stats(agent, **at_noon)["funnel"]["captured"] == 1


@on_every_database
def test_percentiles_use_first_contact(agent: Client, clock: MemoryClock) -> None:
    ids = [capture(agent, number) for number in range(6)]
    waited = [10, 20, 30, 40, 1_000]
    passed = 0
    for lead_id, seconds in zip(ids, waited, strict=False):
        clock.advance(timedelta(seconds=seconds - passed))
        passed = seconds
        change_state(agent, lead_id, "REACHED_OUT")
    clock.advance(timedelta(days=1))
    change_state(agent, ids[0], "PENDING", "REACHED_OUT")
    change_state(agent, ids[1], "CONVERTED")
    change_state(agent, ids[5], "LOST")
    assert stats(agent)["time_to_first_contact"] == {
        "contacted": 5,
        "median_seconds": 30.0,
        "p90_seconds": pytest.approx(616.0),
    }


def test_imported_contact_has_no_delay(container: Container, agent: Client) -> None:
    rows = [ImportRow(2, make_fields(state="REACHED_OUT", created_at="2026-11-01T00:00:00Z"))]
    list(container.import_leads()(OPERATOR, rows))
    [lead] = agent.get("/leads").body
    agent.patch(f"/leads/{lead['id']}", {"state": "REACHED_OUT", "source": "fair"})
    counted = stats(agent)
    assert counted["time_to_first_contact"]["contacted"] == 0
    assert counted["funnel"]["reached_out"] == 1


@on_every_database
class TestZone:
    """The business is in New York: its day begins at five in UTC."""

    @pytest.fixture
    def container(self, make_container: MakeContainer) -> Container:
        return make_container(timezone=ZoneInfo("America/New_York"))

    def test_days_use_business_time_zone(self, viewer: Client, raw_db: RawDatabase) -> None:
        times = ("2026-11-16T04:59:59.999999Z", "2026-11-16T05:00:00Z", "2026-11-17T04:59:59.999999Z")
        for number, created_at in enumerate(times):
            raw_db.add_lead(f"p{number}@example.com", created_at)
        day = stats(viewer, **{"from": "2026-11-16", "to": "2026-11-16"})
        assert day["funnel"]["captured"] == 2
        assert (day["from"], day["to"]) == ("2026-11-16T05:00:00.000000Z", "2026-11-17T05:00:00.000000Z")
        weeks = [(week["week"], week["count"]) for week in stats(viewer)["by_week"]]
        assert weeks == [("2026-W46", 1), ("2026-W47", 2)]


@on_sqlite
@pytest.mark.parametrize("name", ["from", "to", "colour", "limit"])
def test_invalid_parameter_is_named(viewer: Client, name: str) -> None:
    rejected = viewer.get("/stats", **{name: "?"})
    assert (rejected.status, fields_in(rejected)) == (422, [name])


def test_future_dated_lead_has_no_delay(admin: Client) -> None:
    tomorrow = NOW + timedelta(hours=23)
    file = f"first_name,last_name,email,created_at\nAnn,Lee,ann@example.com,{tomorrow.isoformat()}\n"
    admin.request("POST", "/leads/import", data=file.encode(), content_type="text/csv")
    [lead] = admin.get("/leads").body
    admin.patch(f"/leads/{lead['id']}", {"state": "REACHED_OUT"})
    assert admin.get("/stats").body["time_to_first_contact"]["median_seconds"] == 0


@on_every_database
def test_owners_lost_reasons_and_progress_of_sources_are_counted(container: Container, admin: Client) -> None:
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, PHRASE)
    ids = [capture(admin, number, source="ad") for number in range(4)] + [capture(admin, 4)]
    change_state(admin, ids[0], "REACHED_OUT", "CONVERTED")
    change_state(admin, ids[1], "REACHED_OUT", "LOST")
    change_state(admin, ids[4], "LOST")
    reason = admin.patch(f"/leads/{ids[1]}", {"lost_reason": " too expensive ", "owner": "ann"})
    assert reason.body["lost_reason"] == "too expensive"
    counted = stats(admin)
    assert counted["by_source"] == [
        {"source": "ad", "count": 4, "contacted": 2, "converted": 1, "lost": 1},
        {"source": None, "count": 1, "contacted": 0, "converted": 0, "lost": 1},
    ]
    assert counted["by_owner"] == [
        {"owner": None, "count": 4, "contacted": 1, "converted": 1, "lost": 1},
        {"owner": "ann", "count": 1, "contacted": 1, "converted": 0, "lost": 1},
    ]
    assert counted["by_lost_reason"] == [
        {"lost_reason": None, "count": 1},
        {"lost_reason": "too expensive", "count": 1},
    ]


def test_only_users_give_a_lost_reason(public: Client, agent: Client) -> None:
    lead = public.post("/leads", make_fields(lost_reason="x")).body
    assert (lead["lost_reason"], lead["answers"]) == (None, {})
    path = f"/leads/{lead['id']}"
    assert fields_in(agent.patch(path, {"lost_reason": "x" * 201})) == ["lost_reason"]
    assert agent.patch(path, {"state": "LOST", "lost_reason": "no budget"}).status == 200
    entry = agent.get(f"{path}/history").body[1]
    assert entry["changes"] == [{"field": "lost_reason", "from": None, "to": "no budget"}]
    assert agent.patch(path, {"lost_reason": None}).body["lost_reason"] is None
