"""``deliveries``: list and retry on the command line."""

from pathlib import Path

import pytest

from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

pytestmark = on_sqlite


@pytest.fixture
def failed(client: Client, raw_db: RawDatabase) -> str:
    client.post("/leads", make_fields())
    raw_db.execute("UPDATE deliveries SET state = 'failed', due_at = NULL")
    [[delivery_id]] = raw_db.execute("SELECT id FROM deliveries")
    return str(delivery_id)


def test_messages_are_listed_by_state(leadtracker: CommandLine, failed: str) -> None:
    none = leadtracker.run("deliveries", "list", "--state", "pending")
    assert (none.out, none.err) == ("", "There are no deliveries in the state pending.\n")
    listing = leadtracker.run("deliveries", "list", "--state", "failed")
    assert (listing.status, listing.err) == (0, "")
    heads, row = (line.split() for line in listing.out.splitlines())
    assert heads == ["ID", "STATE", "KIND", "ATTEMPTS", "RECIPIENT", "DETAIL"]
    assert row == [failed, "failed", "acknowledgement", "0", "ann@example.com", "-"]
    [delivery] = leadtracker.run("deliveries", "list", "--json").json
    assert (delivery["id"], delivery["state"]) == (failed, "failed")


def test_dead_message_is_retried(leadtracker: CommandLine, failed: str) -> None:
    assert leadtracker.run("deliveries", "retry", failed).out.splitlines()[1].split()[1] == "pending"
    assert leadtracker.run("deliveries", "retry", "--all-failed").out == "retried=0\n"


def test_all_dead_messages_are_retried(leadtracker: CommandLine, failed: str, raw_db: RawDatabase) -> None:
    assert failed
    assert leadtracker.run("deliveries", "retry", "--all-failed").out == "retried=1\n"
    assert raw_db.execute("SELECT state FROM deliveries") == [("pending",)]


def test_all_pending_messages_are_retried(leadtracker: CommandLine, failed: str, raw_db: RawDatabase) -> None:
    assert failed
    raw_db.execute("UPDATE deliveries SET state = 'pending'")
    assert leadtracker.run("deliveries", "retry", "--all-pending").out == "retried=0\n"
    raw_db.execute(
        "INSERT INTO delivery_attempts (delivery_id, number, started_at, outcome) "
        "SELECT id, 1, created_at, 'not_sent' FROM deliveries"
    )
    assert leadtracker.run("deliveries", "retry", "--all-pending").out == "retried=1\n"


@pytest.mark.parametrize("arguments", [[], ["some-id", "--all-failed"], ["--all-failed", "--all-pending"]])
def test_retry_needs_a_selection(leadtracker: CommandLine, arguments: list[str]) -> None:
    assert leadtracker.run("deliveries", "retry", *arguments).status == 2


def test_unknown_message_is_reported(leadtracker: CommandLine) -> None:
    rejected = leadtracker.run("deliveries", "retry", "unknown")
    assert (rejected.status, rejected.err) == (1, "Error: there is no delivery unknown\n")


def test_scheduler_writes_mail_files_without_smtp(
    leadtracker: CommandLine, client: Client, raw_db: RawDatabase, tmp_path: Path
) -> None:
    client.post("/leads", make_fields())
    sent = leadtracker.with_settings(DATA_DIR=tmp_path / "data").run("scheduler", "--once")
    assert sent.status == 0
    [mail] = (tmp_path / "data" / "mail").glob("*.eml")
    assert b"To: ann@example.com" in mail.read_bytes()
    assert raw_db.execute("SELECT state FROM deliveries") == [("sent",)]
