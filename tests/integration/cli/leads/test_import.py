"""``leads import``: good rows are imported, the others are reported and can be corrected."""

from pathlib import Path

import pytest

from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite
from tests.support.http import Client
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Finished

SAMPLE = """\
first_name,last_name,email,phone,message,source,state,created_at
Ann,Lee,ann@example.com,+49 30 901820,Hello,ad,CONVERTED,2026-10-14T07:58:40.060816Z
Bob,Ray,bob@example.com,,,,,
Eve,Day,ANN@example.com,,,,,
,,not an address,1,,,OPEN,yesterday
Dan,Ode,dan@example.com,,"two
lines",,,
Fay,Orr,bob@EXAMPLE.com,,,,,
,,gus@example.com,,,,,
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(SAMPLE)
    return path


def test_valid_rows_are_imported_and_counted(
    leadtracker: CommandLine, raw_db: RawDatabase, sample: Path
) -> None:
    ended = leadtracker.run("leads", "import", sample)
    assert (ended.status, ended.out) == (0, "created=3 duplicates=2 rejected=2\n")
    assert raw_db.count("leads") == 3
    stored = raw_db.execute("SELECT email, state FROM leads ORDER BY email")
    assert stored == [
        ("ann@example.com", "CONVERTED"),
        ("bob@example.com", "PENDING"),
        ("dan@example.com", "PENDING"),
    ]


def test_owner_of_new_leads_is_option(leadtracker: CommandLine, raw_db: RawDatabase, sample: Path) -> None:
    leadtracker.run("user", "add", "ann", "--role", "agent", "--password-stdin", stdin="a long password\n")
    assert leadtracker.run("leads", "import", sample, "--owner", "ann").status == 0
    assert set(raw_db.execute("SELECT owner FROM leads")) == {("ann",)}
    rejected = leadtracker.run("leads", "import", sample, "--owner", "stranger")
    assert (rejected.status, "owner" in rejected.err) == (2, True)


def test_second_import_finds_only_duplicates(
    leadtracker: CommandLine, raw_db: RawDatabase, sample: Path
) -> None:
    leadtracker.run("leads", "import", sample)
    again = leadtracker.run("leads", "import", sample)
    assert (again.status, again.out) == (0, "created=0 duplicates=5 rejected=2\n")
    assert raw_db.count("leads") == 3


def test_dry_run_reports_and_stores_nothing(
    leadtracker: CommandLine, raw_db: RawDatabase, sample: Path
) -> None:
    rehearsed = leadtracker.run("leads", "import", "--dry-run", "--json", sample)
    assert raw_db.count("leads") == 0
    done = leadtracker.run("leads", "import", "--json", sample).json
    assert done == rehearsed.json | {"import_id": done["import_id"]}
    assert raw_db.count("leads") == 3


@on_sqlite
class TestReport:
    def test_json_output_lists_rejected_rows(self, leadtracker: CommandLine, sample: Path) -> None:
        result = leadtracker.run("leads", "import", "--json", sample).json
        assert set(result) == {"created", "duplicates", "rejected", "encoding", "import_id"}
        assert result["created"] == 3
        assert result["duplicates"] == [
            {"line": 4, "email": "ANN@example.com"},
            {"line": 8, "email": "bob@EXAMPLE.com"},
        ]
        assert [(row["line"], row["field"]) for row in result["rejected"]] == [
            (5, "first_name"),
            (9, "first_name"),
        ]
        assert all(set(row) == {"line", "field", "message"} for row in result["rejected"])
        assert all(
            name in result["rejected"][0]["message"] for name in ("email", "phone", "state", "created_at")
        )

    def test_every_invalid_field_is_listed_with_line(self, leadtracker: CommandLine, sample: Path) -> None:
        first, second = (
            line
            for line in leadtracker.run("leads", "import", sample).err.splitlines()
            if line.startswith("line")
        )
        assert first.startswith("line 5: “first_name” is required; ")
        assert second == "line 9: “first_name” is required"

    def test_long_error_lists_are_truncated(self, leadtracker: CommandLine, tmp_path: Path) -> None:
        path = tmp_path / "many.csv"
        path.write_text("first_name,last_name,email\n" + ",,x\n" * 60)
        ended = leadtracker.run("leads", "import", path)
        shown = [line for line in ended.err.splitlines() if line.startswith("line ")]
        assert (len(shown), ended.out) == (50, "created=0 duplicates=0 rejected=60\n")
        assert "10 more" in ended.err


@on_sqlite
class TestMending:
    def correct(self, leadtracker: CommandLine, rejected: Path) -> Finished:
        text = rejected.read_text(encoding="utf-8")
        corrected = text.replace("\n,,gus", "\nGus,Orr,gus").replace(
            ",,not an address,1,,,OPEN,yesterday", "Hal,Day,h@example.com,,,,,"
        )
        rejected.write_text(corrected, encoding="utf-8")
        return leadtracker.run("leads", "import", rejected)

    def test_rejected_rows_can_be_fixed_and_imported(
        self, leadtracker: CommandLine, sample: Path, raw_db: RawDatabase
    ) -> None:
        ended = leadtracker.run("leads", "import", sample)
        rejected = Path("people.rejected.csv")
        assert str(rejected) in ended.err
        header, first, second = rejected.read_text().splitlines()
        assert header == "first_name,last_name,email,phone,message,source,state,created_at,line,problem"
        assert first.startswith(',,not an address,1,,,OPEN,yesterday,5,"“first_name” is required')
        assert second == ",,gus@example.com,,,,,,9,“first_name” is required"
        corrected = self.correct(leadtracker, rejected)
        assert (corrected.status, corrected.out) == (0, "created=2 duplicates=0 rejected=0\n")
        assert raw_db.count("leads") == 5

    def test_rejects_file_path_can_be_chosen(
        self, leadtracker: CommandLine, sample: Path, tmp_path: Path
    ) -> None:
        elsewhere = tmp_path / "else" / "where.csv"
        elsewhere.parent.mkdir()
        leadtracker.run("leads", "import", sample, "--rejected", elsewhere)
        assert len(elsewhere.read_text().splitlines()) == 3
        assert not Path("people.rejected.csv").exists()

    def test_unwritable_rejects_path_warns_once(self, leadtracker: CommandLine, sample: Path) -> None:
        done = leadtracker.run("leads", "import", sample, "--rejected", "nowhere/rejected.csv")
        assert (done.status, done.out) == (0, "created=3 duplicates=2 rejected=2\n")
        assert done.err.count("Warning: rejected rows cannot be written to nowhere/rejected.csv") == 1

    def test_no_rejects_file_without_rejected_rows(self, leadtracker: CommandLine, tmp_path: Path) -> None:
        path = tmp_path / "good.csv"
        path.write_text("first_name,last_name,email\nAnn,Lee,a@example.com\n")
        leadtracker.run("leads", "import", path)
        assert list(Path.cwd().glob("*.rejected.csv")) == []

    def test_formula_guards_are_removed(
        self, leadtracker: CommandLine, tmp_path: Path, client: Client
    ) -> None:
        path = tmp_path / "formulas.csv"
        path.write_text("first_name,last_name,email,message\n=1+1,'=2,,@x\n")
        leadtracker.run("leads", "import", path)
        rejected = Path("formulas.rejected.csv")
        # A name with a guard is one guard longer in a file that a spreadsheet may open.
        assert rejected.read_text().splitlines()[1].startswith("'=1+1,'=2,,'@x,")
        rejected.write_text(rejected.read_text().replace(",,'@x", ",f@example.com,'@x"))
        leadtracker.run("leads", "import", rejected)
        secret = leadtracker.run("api-key", "add", "k", "--role", "viewer").out.strip()
        [lead] = client.with_headers({"X-API-Key": secret}).get("/leads").body
        assert (lead["first_name"], lead["last_name"], lead["message"]) == ("=1+1", "=2", "@x")


@pytest.mark.parametrize(("options", "deliveries"), [((), 0), (("--notify",), 1)])
def test_mails_are_sent_only_on_request(
    leadtracker: CommandLine, raw_db: RawDatabase, tmp_path: Path, options: tuple[str, ...], deliveries: int
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("first_name,last_name,email\nAnn,Lee,ann@example.com\n")
    assert leadtracker.run("leads", "import", *options, file).status == 0
    assert raw_db.count("deliveries") == deliveries
