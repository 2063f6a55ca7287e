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
        assert leadtracker.run("migrate").out == "".join(f"applied {name}\n" for name in MIGRATIONS)
        assert leadtracker.run("migrate").out == "The schema is up to date.\n"

    def test_status_lists_and_changes_nothing(self, leadtracker: CommandLine) -> None:
        for _ in range(2):
            listed = leadtracker.run("migrate", "--status").out.splitlines()
            assert [line.split() for line in listed[1:]] == [[name, "not", "applied"] for name in MIGRATIONS]
        assert leadtracker.run("migrate", "--status", "--json").json == [
            {"name": name, "applied_at": None} for name in MIGRATIONS
        ]

    def test_status_shows_when_a_migration_ran(self, leadtracker: CommandLine) -> None:
        leadtracker.run("migrate")
        steps = leadtracker.run("migrate", "--status", "--json").json
        listed = leadtracker.run("migrate", "--status").out.splitlines()
        assert [line.split() for line in listed[1:]] == [[step["name"], step["applied_at"]] for step in steps]

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
