"""``leadtracker stats``: statistics on a terminal and as JSON."""

import orjson
import pytest

from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.http import Client

pytestmark = on_sqlite


def test_store_without_leads_has_no_table(leadtracker: CommandLine) -> None:
    ended = leadtracker.run("stats")
    assert (ended.status, ended.out) == (0, "")
    assert "No lead came in this time." in ended.err


def test_tables_show_every_group(leadtracker: CommandLine, client: Client) -> None:
    client.post("/leads", make_fields("ann@example.com", source="ad", utm_source="google", utm_medium="cpc"))
    client.post("/leads", make_fields("bob@example.com"))
    lines = [line.split() for line in leadtracker.run("stats").out.splitlines()]
    assert ["all", "2", "0", "0", "0", "-", "-"] in lines
    assert ["1", "0", "0", "0", "ad"] in lines
    assert ["1", "0", "0", "0", "google", "/", "cpc"] in lines
    assert ["2", "0", "0", "0", "-"] in lines  # they have no owner


def test_range_of_days_and_json(leadtracker: CommandLine, client: Client) -> None:
    client.post("/leads", make_fields())
    body = orjson.loads(leadtracker.run("stats", "--json").out)
    assert body["funnel"] == {"captured": 1, "reached_out": 0, "converted": 0}
    past = orjson.loads(leadtracker.run("stats", "--to", "2020-01-01", "--json").out)
    assert (past["to"], past["by_week"]) == ("2020-01-02T00:00:00.000000Z", [])


@pytest.mark.parametrize(
    "day", ["x", "2026-13-01", "20261101", "2026-W46-1", "2026-11-01T10:00", "10000-01-01"]
)
@pytest.mark.parametrize("option", ["--from", "--to"])
def test_invalid_day_is_a_usage_error(leadtracker: CommandLine, option: str, day: str) -> None:
    ended = leadtracker.run("stats", option, day)
    assert ended.status == 2
    assert "must be a day, such as 2026-11-20" in ended.err


@pytest.mark.parametrize(
    ("zone", "arguments"),
    [
        ("Asia/Tokyo", ["stats", "--from", "0001-01-01"]),
        ("UTC", ["stats", "--to", "9999-12-31"]),
        ("America/New_York", ["stats", "--to", "9999-12-31"]),
        ("Asia/Tokyo", ["audit", "list", "--since", "0001-01-01"]),
    ],
)
def test_day_beyond_all_times_is_a_usage_error(
    leadtracker: CommandLine, zone: str, arguments: list[str]
) -> None:
    ended = leadtracker.with_settings(TIMEZONE=zone).run(*arguments)
    assert ended.status == 2
    assert "must be a day, such as 2026-11-20" in ended.err
