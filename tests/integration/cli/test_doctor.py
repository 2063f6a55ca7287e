"""``doctor``: one line per check."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.database import MIGRATIONS, on_sqlite
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

NAMES = [
    "configuration",
    "provider",
    "files",
    "database",
    "schema",
    "disk",
    "scheduler",
    "outbox",
    "reports",
    "deliveries",
    "canary",
    "retention",
    "api_keys",
    "leads",
    "enqueued",
    "attempts",
    "resumes",
    "ledger",
    "sealed",
    "history",
    "integrity",
    "duplicates",
    "audit_log",
    "second_factors",
    "statistics",
]


def settled(leadtracker: CommandLine, client: Client, folder: Path) -> CommandLine:
    """An installation with one lead, whose deliveries are all done."""
    client.post("/leads", make_fields())
    leadtracker = leadtracker.with_settings(DATA_DIR=folder)
    assert leadtracker.run("scheduler", "--once").status == 0
    return leadtracker


def test_healthy_store_passes(leadtracker: CommandLine, client: Client, tmp_path: Path) -> None:
    ended = settled(leadtracker, client, tmp_path / "data").run("doctor")
    assert (ended.status, ended.err) == (0, "")
    assert [line.split()[:2] for line in ended.out.splitlines()] == [["ok", name] for name in NAMES]


@on_sqlite
def test_files_that_other_users_can_read_are_named(leadtracker: CommandLine, client: Client) -> None:
    with TemporaryDirectory() as name:  # in a folder that every user may enter
        folder, closed = Path(name), Path(name) / "mail"
        leadtracker = settled(leadtracker, client, folder)
        (folder / "secret_key").write_text("copied by hand")
        for path, mode in ((folder, 0o755), (closed, 0o700), (folder / "secret_key", 0o644)):
            path.chmod(mode)
        next(closed.iterdir()).chmod(0o644)
        ended = leadtracker.run("doctor")
    assert ended.status == 0
    (line,) = [line for line in ended.out.splitlines() if line.split()[1] == "files"]
    assert line.startswith("WARN")
    assert line.endswith(f"read: {folder}, {folder / 'secret_key'}; run: chmod -R o-rwx {folder}")


def test_problem_is_reported_and_fails(
    leadtracker: CommandLine, client: Client, tmp_path: Path, raw_db: RawDatabase
) -> None:
    leadtracker = settled(leadtracker, client, tmp_path / "data")
    raw_db.execute("DELETE FROM delivery_attempts")
    ended = leadtracker.run("doctor")
    assert ended.status == 1
    assert [line.split()[1] for line in ended.out.splitlines() if line.startswith("FAIL")] == ["attempts"]
    assert "ann@example.com" not in ended.out


def test_json_output_has_same_checks(leadtracker: CommandLine, client: Client, tmp_path: Path) -> None:
    ended = settled(leadtracker, client, tmp_path / "data").run("doctor", "--json")
    assert ended.status == 0
    assert ended.json["passed"] is True
    assert [check["name"] for check in ended.json["checks"]] == NAMES


def test_unreadable_template_is_reported(leadtracker: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "own" / "test").mkdir(parents=True)
    (tmp_path / "own" / "test" / "text.txt").write_text("{{ broken")
    ended = leadtracker.with_settings(MAIL_TEMPLATES=tmp_path / "own").run("doctor")
    assert ended.status == 1
    assert ended.out.startswith(
        "FAIL  configuration  LEADTRACKER_MAIL_TEMPLATES: the template test/text.txt "
    )


def test_schema_mismatch_is_reported(leadtracker: CommandLine, raw_db: RawDatabase) -> None:
    raw_db.execute("DELETE FROM schema_migrations WHERE name = ?", MIGRATIONS[-1])
    ended = leadtracker.run("doctor")
    assert ended.status == 1
    assert [line.split()[0] for line in ended.out.splitlines()] == ["ok", "ok", "ok", "ok", "FAIL", "ok"]
    assert raw_db.count("schema_migrations") == len(MIGRATIONS) - 1


def test_unreadable_second_factors_and_expiring_keys_are_named(
    leadtracker: CommandLine, client: Client, tmp_path: Path, raw_db: RawDatabase
) -> None:
    leadtracker = settled(leadtracker, client, tmp_path / "data")
    leadtracker.run("api-key", "add", "website", "--role", "sender", "--expires", "13d")
    ended = leadtracker.run("doctor")
    assert (ended.status, "within 14 days: website (" in ended.out) == (0, True)
    given = ("user", "add", "ann", "--role", "agent", "--password-stdin")
    leadtracker.run(*given, stdin="correct horse battery")
    raw_db.execute(
        "INSERT INTO second_factors (user_name, sealed_secret, enabled_at, last_step, failures) "
        "SELECT name, 'sealed', created_at, 0, 0 FROM users"
    )
    ended = leadtracker.run("doctor")
    assert ended.status == 1
    assert "not true that every second factor can be read" in ended.out
    assert "ann (leadtracker user remove-factor)" in ended.out


@on_sqlite
def test_failed_deliveries_are_warning(
    leadtracker: CommandLine, client: Client, tmp_path: Path, raw_db: RawDatabase
) -> None:
    leadtracker = settled(leadtracker, client, tmp_path / "data")
    raw_db.execute("UPDATE deliveries SET state = 'failed'")
    ended = leadtracker.run("doctor")
    assert ended.status == 0
    (line,) = [line for line in ended.out.splitlines() if line.split()[1] == "deliveries"]
    assert line.split(maxsplit=2) == [
        "WARN",
        "deliveries",
        "1 failed: leadtracker deliveries list --state failed",
    ]
