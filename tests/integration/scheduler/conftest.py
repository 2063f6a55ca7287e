"""Fixtures: the program on each database, with a test receiver instead of Retool."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from leadtracker.domain.model.reports.week import Week
from tests.support.clients.command_line import CommandLine
from tests.support.examples.weeks import closed_weeks, stable_timezone, within
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program
from tests.support.servers.receiver import Receiver, Request

PAST = "2020-01-01T00:00:00.000000Z"


@pytest.fixture
def retool() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def settings(database_url: str, retool: Receiver) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "RETOOL_URL": retool.url, "TIMEZONE": stable_timezone()}


@pytest.fixture
def program(tmp_path: Path, settings: dict[str, str]) -> Program:
    return Program(tmp_path, settings, is_forked=True)


@pytest.fixture
def leadtracker(
    settings: dict[str, str],
    restored_logging: None,  # noqa: ARG001 - each command sets up logging
) -> CommandLine:
    """The same program, run in the process of the test."""
    return CommandLine(settings)


@pytest.fixture
def week(raw_db: RawDatabase) -> Week:
    """The last closed week, with three leads."""
    [week] = closed_weeks(1)
    for number in range(3):
        raw_db.add_lead(f"p{number}@example.com", within(week))
    return week


def show(leadtracker: CommandLine, week: Week) -> dict[str, Any]:
    """Return the report of a week as JSON."""
    shown: dict[str, Any] = leadtracker.run("report", "show", week.name, "--json").json
    return shown


def make_due(raw_db: RawDatabase) -> None:
    """Make the next attempt due."""
    raw_db.execute("UPDATE weekly_reports SET due_at = ? WHERE due_at IS NOT NULL", PAST)


def week_and_number(request: Request) -> tuple[str, int]:
    """Return the week and the number of leads in a request."""
    return request.headers["x-leadtracker-week"], orjson.loads(request.body)["number_of_leads"]
