"""``imports``: list imports and undo them."""

import json
from pathlib import Path

from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.raw_database import RawDatabase

FILE = "first_name,email\nAnn,ann@example.com\nBob,bob@example.com\n"


def imported(leadtracker: CommandLine, tmp_path: Path) -> str:
    """Import two leads, and return the id that the command names."""
    path = tmp_path / "people.csv"
    path.write_text(FILE)
    ended = leadtracker.run("leads", "import", path)
    _, _, command = ended.err.partition("To undo this import: leadtracker imports undo ")
    assert command
    return command.split()[0]


@on_sqlite
def test_import_is_listed_and_undone(leadtracker: CommandLine, raw_db: RawDatabase, tmp_path: Path) -> None:
    import_id = imported(leadtracker, tmp_path)
    heads, line = leadtracker.run("imports", "list").out.splitlines()
    assert heads.split()[:4] == ["ID", "STARTED", "BY", "FILE"]
    assert line.split()[0] == import_id
    assert line.split()[-8:] == ["operator", "people.csv", "completed", "2", "0", "0", "0", "0"]
    ended = leadtracker.run("imports", "undo", import_id)
    assert (ended.status, ended.out) == (0, "removed=2 kept=0\n")
    assert raw_db.count("leads") == 0
    [listed] = json.loads(leadtracker.run("imports", "list", "--json").out)
    assert (listed["state"], listed["created"], listed["removed"]) == ("undone", 2, 2)


@on_sqlite
def test_changed_leads_are_named(leadtracker: CommandLine, raw_db: RawDatabase, tmp_path: Path) -> None:
    import_id = imported(leadtracker, tmp_path)
    raw_db.execute("UPDATE leads SET version = 2 WHERE email = 'bob@example.com'")
    [[lead_id]] = raw_db.execute("SELECT id FROM leads WHERE email = 'bob@example.com'")
    ended = leadtracker.run("imports", "undo", import_id)
    assert ended.out == "removed=1 kept=1\n"
    assert f"Lead {lead_id} stays: edited" in ended.err
    assert json.loads(leadtracker.run("imports", "undo", import_id, "--json").out) == {
        "removed": 1,
        "kept": [{"id": lead_id, "reason": "edited"}],
    }


@on_sqlite
def test_unknown_import_fails(leadtracker: CommandLine) -> None:
    ended = leadtracker.run("imports", "undo", "unknown")
    assert (ended.status, ended.err) == (1, "Error: there is no import unknown\n")


@on_sqlite
def test_import_as_json_names_its_id(leadtracker: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(FILE)
    [listed] = (json.loads(leadtracker.run("leads", "import", path, "--json").out)["import_id"],)
    assert json.loads(leadtracker.run("imports", "list", "--json").out)[0]["id"] == listed
    assert "import_id" not in json.loads(leadtracker.run("leads", "import", path, "--dry-run", "--json").out)
