"""``migrate``, and the other commands with an outdated schema."""

import pytest

from tests.support.clients.command_line import CommandLine
from tests.support.database import MIGRATIONS
from tests.support.raw_database import RawDatabase


class TestEmptyDatabase:
    @pytest.fixture
    def database_url(self, empty_url: str) -> str:
        return empty_url

    def test_migrations_run_once(self, leadtracker: CommandLine) -> None:
        first = leadtracker.run("migrate").out.splitlines()
        assert first[-len(MIGRATIONS) :] == [f"applied {name}" for name in MIGRATIONS]
        assert not any("go back" in line for line in first)
        assert leadtracker.run("migrate").out == "The schema is up to date.\n"

    @pytest.mark.parametrize("option", ["--status", "--dry-run"])
    def test_migrations_are_shown_with_their_purpose_and_not_run(
        self, leadtracker: CommandLine, option: str
    ) -> None:
        for _ in range(2):
            listed = leadtracker.run("migrate", option).out.splitlines()
            for name, line in zip(MIGRATIONS, listed[1:], strict=True):
                assert line.startswith(name)
                assert line.endswith(".")
        assert leadtracker.run("migrate", "--status", "--json").json == [
            {"name": name, "applied_at": None} for name in MIGRATIONS
        ]

    def test_status_shows_when_a_migration_ran(self, leadtracker: CommandLine) -> None:
        leadtracker.run("migrate")
        steps = leadtracker.run("migrate", "--status", "--json").json
        listed = leadtracker.run("migrate", "--status").out.splitlines()
        assert [line.split()[:2] for line in listed[1:]] == [
            [step["name"], step["applied_at"]] for step in steps
        ]

    def test_any_command_initialises_an_empty_database(
        self, leadtracker: CommandLine, raw_db: RawDatabase
    ) -> None:
        assert leadtracker.run("report", "list").status == 0
        assert raw_db.count("leads") == 0


@pytest.mark.parametrize(
    "arguments", [["report", "list"], ["migrate"], ["migrate", "--status"], ["scheduler", "--once"], ["up"]]
)
def test_a_newer_schema_is_rejected_with_advice(
    leadtracker: CommandLine, raw_db: RawDatabase, arguments: list[str]
) -> None:
    raw_db.execute("UPDATE schema_migrations SET name = '9999_future' WHERE name = ?", MIGRATIONS[-1])
    rejected = leadtracker.run(*arguments)
    assert (rejected.status, rejected.out) == (1, "")
    [line] = rejected.err.splitlines()
    assert line == "Error: the database was made by a newer version of this program; upgrade the program"


@pytest.mark.parametrize("name", ["0001_initial", "0000_leads"])
def test_a_schema_from_before_release_1_is_rejected_with_advice(
    leadtracker: CommandLine, raw_db: RawDatabase, name: str
) -> None:
    raw_db.execute("UPDATE schema_migrations SET name = ? WHERE name = ?", name, MIGRATIONS[0])
    for arguments in (["report", "list"], ["migrate"], ["up"]):
        rejected = leadtracker.run(*arguments)
        assert (rejected.status, rejected.out) == (1, "")
        assert "before release 1.0" in rejected.err
        assert "leads export" in rejected.err
        assert "leads import" in rejected.err
