"""``retention preview``: who is due, as a table and as JSON."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.http import Client
from tests.support.raw_database import RawDatabase


def age(raw_db: RawDatabase, days: int) -> None:
    """Make everything that has happened as old as if it had been so many days ago."""
    then = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    raw_db.execute("UPDATE leads SET created_at = ?, updated_at = ?", then, then)
    raw_db.execute("UPDATE lead_history SET at = ?", then)


def test_without_the_setting_all_leads_are_kept(leadtracker: CommandLine) -> None:
    shown = leadtracker.run("retention", "preview")
    assert (shown.status, shown.out) == (0, "")
    assert "All leads are kept" in shown.err
    assert leadtracker.run("retention", "preview", "--json").json == {
        "paused": True,
        "states": [],
        "leads": [],
    }


def test_due_leads_are_listed_and_then_erased(
    leadtracker: CommandLine, client: Client, raw_db: RawDatabase, tmp_path: Path
) -> None:
    lead_id = client.post("/leads", make_fields(message="Very private.")).body["id"]
    leadtracker = leadtracker.with_settings(RETENTION="PENDING=24,LOST=12", DATA_DIR=tmp_path / "data")
    assert "Nothing is erased: no scheduler has run yet" in leadtracker.run("retention", "preview").err
    assert leadtracker.run("scheduler", "--once").status == 0  # sends the mails, which are an activity
    age(raw_db, 800)
    before = leadtracker.run("retention", "preview")
    assert before.err == ""
    shown = leadtracker.run("retention", "preview", "--json").json
    assert [(one["state"], one["months"], one["due"], one["soon"]) for one in shown["states"]] == [
        ("PENDING", 24, 1, 0),
        ("LOST", 12, 0, 0),
    ]
    assert [one["id"] for one in shown["leads"]] == [lead_id]
    assert "private" not in before.out
    assert lead_id in before.out
    assert leadtracker.run("scheduler", "--once").status == 0
    assert leadtracker.run("retention", "preview", "--json").json["leads"] == []
    _, audited, *_ = leadtracker.run("audit", "list", "--json").json  # reading the log is the latest entry
    assert (audited["actor"], audited["action"]) == ("retention", "person_erased")


def test_leads_of_the_next_days_are_announced(
    leadtracker: CommandLine, client: Client, raw_db: RawDatabase
) -> None:
    client.post("/leads", make_fields())
    age(raw_db, 20)
    shown = leadtracker.with_settings(RETENTION="PENDING=1").run("retention", "preview", "--json").json
    assert [(one["due"], one["soon"]) for one in shown["states"]] == [(0, 1)]
