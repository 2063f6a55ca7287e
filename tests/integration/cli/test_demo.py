"""``demo`` fills an empty database with a believable office, and touches nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite

pytestmark = on_sqlite
WEEKS = 4


@pytest.fixture
def office(leadtracker: CommandLine, tmp_path: Path) -> CommandLine:
    return leadtracker.with_settings(DATA_DIR=tmp_path / "data", ADMIN_PASSWORD="an invented office")


def read(office: CommandLine, *arguments: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(office.run(*arguments, "--json").out)
    return listed


def read_statistics(office: CommandLine) -> dict[str, Any]:
    statistics: dict[str, Any] = json.loads(office.run("stats", "--json").out)
    return statistics


def assert_shows_each_statistic(statistics: dict[str, Any]) -> None:
    kinds = ("by_source", "by_owner", "by_lost_reason", "by_first_touch", "by_last_touch", "by_week")
    assert [kind for kind in kinds if len(statistics[kind]) < 3] == []
    assert statistics["by_first_touch"] != statistics["by_last_touch"]
    assert statistics["time_to_first_contact"]["p90_seconds"] > 0
    assert all(statistics["funnel"].values())


def test_demo_is_a_believable_office(office: CommandLine, tmp_path: Path) -> None:
    filled = office.run("demo", "--weeks", str(WEEKS))
    assert filled.status == 0
    exported = office.run("leads", "export", "--format", "ndjson")
    leads = [json.loads(line) for line in exported.out.splitlines()]
    assert filled.out == f"Filled the database with {len(leads)} leads of {WEEKS} weeks.\n"
    assert {lead["state"] for lead in leads} == {"PENDING", "REACHED_OUT", "CONVERTED", "LOST"}
    assert sum(lead["state"] == "PENDING" for lead in leads) >= 3
    assert len({lead["source"] for lead in leads}) > 3
    texts = " ".join(f"{lead['first_name']} {lead['last_name']} {lead['message']}" for lead in leads)
    assert all(letter in texts for letter in "üßéñ")
    assert {"ada", "ben", "chloe"} <= {user["name"] for user in read(office, "user", "list")}
    reports = read(office, "report", "list")
    assert len(reports) >= WEEKS - 1
    assert {report["state"] for report in reports} == {"delivered"}
    assert all(report["number_of_leads"] for report in reports)
    kinds = {delivery["kind"] for delivery in read(office, "deliveries", "list", "--limit", "200")}
    assert {"acknowledgement", "follow_up", "reminder"} <= kinds
    times = [entry["at"] for entry in read(office, "audit", "list")]
    assert times == sorted(times, reverse=True)
    assert_shows_each_statistic(read_statistics(office))
    assert not (tmp_path / "data" / "mail").exists()  # nothing is sent, not even into files
    assert office.run("doctor").status == 0


def test_demo_leaves_a_database_with_leads_alone(office: CommandLine) -> None:
    office.run("demo", "--weeks", "1")
    before = office.run("leads", "export").out
    again = office.run("demo", "--weeks", "1")
    assert again.status == 1
    assert again.err.startswith("Error: the database holds leads; ")
    assert office.run("leads", "export").out == before


def test_demo_leaves_sealed_weeks_alone(office: CommandLine) -> None:
    office.run("report", "send")
    rejected = office.run("demo")
    assert rejected.status == 1
    assert "has sealed weeks" in rejected.err
    assert "ada" not in office.run("user", "list").out


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SMTP_URL", "smtp://127.0.0.1:1"),
        ("RETOOL_URL", "http://127.0.0.1:1/trigger"),
        ("WEBHOOK_URLS", "http://127.0.0.1:1/hook"),
    ],
)
def test_demo_refuses_where_leads_could_reach_someone(office: CommandLine, setting: str, value: str) -> None:
    secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="  # noqa: S105 - signs nothing
    rejected = office.with_settings(**{setting: value}, WEBHOOK_SECRET=secret).run("demo")
    assert rejected.status == 1
    assert f"LEADTRACKER_{setting} is set" in rejected.err
