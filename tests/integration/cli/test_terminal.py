"""How results look: headers, colours on a terminal only, sentences for people, and Ctrl-C."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from leadtracker.domain.use_cases.imports.import_rows import ImportRow, RowOutcome, RowResult
from leadtracker.entrypoints.cli.leads.import_results import report_interruption, summary_sentence
from leadtracker.entrypoints.cli.terminal import coloured, number_of, print_table
from leadtracker.entrypoints.formats.import_summary import ImportSummary
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite


def summary(*outcomes: RowOutcome) -> ImportSummary:
    counted = ImportSummary()
    for outcome in outcomes:
        counted.add(RowResult(ImportRow(2, {"email": "a@example.com"}), outcome))
    return counted


def test_table_has_a_header_and_aligned_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("NAME", "STATE"), [("ann", "active"), ("bartholomew", None)], "none")
    assert capsys.readouterr().out == "NAME         STATE\nann          active\nbartholomew  -\n"


def test_empty_table_is_a_sentence_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("NAME",), [], "There are no users.")
    assert capsys.readouterr() == ("", "There are no users.\n")


def test_failures_are_red_and_other_words_plain() -> None:
    assert coloured("FAIL") == click.style("FAIL", fg="red")
    assert coloured("ok") == click.style("ok", fg="green")
    assert coloured("ann") == "ann"


@on_sqlite
def test_output_in_pipe_has_no_colours(leadtracker: CommandLine) -> None:
    assert "\x1b" not in leadtracker.run("doctor").out


@on_sqlite
@pytest.mark.parametrize(("value", "is_coloured"), [("", True), ("1", False)])
def test_colours_can_be_turned_off_on_a_terminal(
    leadtracker: CommandLine, monkeypatch: pytest.MonkeyPatch, *, value: str, is_coloured: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", value)
    assert ("\x1b" in leadtracker.run("doctor", on_terminal=True).out) == is_coloured


def test_numbers_have_their_nouns() -> None:
    assert [number_of(n, "lead") for n in (0, 1, 1200)] == ["0 leads", "1 lead", "1,200 leads"]


def test_import_is_summed_up_for_people() -> None:
    counted = summary(RowOutcome.CREATED, RowOutcome.DUPLICATE, RowOutcome.DUPLICATE)
    assert summary_sentence(counted, dry_run=False) == (
        "1 new lead stored, 2 rows skipped because the person is known."
    )
    assert summary_sentence(summary(RowOutcome.CREATED), dry_run=True) == (
        "Dry run, nothing was stored: 1 lead would be new."
    )


@pytest.mark.parametrize(
    ("outcomes", "import_id", "dry_run", "expected"),
    [
        ([RowOutcome.CREATED], "7", False, "at least 1 lead of the file is stored. "),
        ([], "7", False, "nothing was stored, unless "),  # the first transaction was not over
        ([], None, False, "nothing was stored\n"),  # the file was still being read
        ([RowOutcome.CREATED], None, True, "nothing was stored\n"),
    ],
)
def test_interrupted_import_says_what_is_stored(
    capsys: pytest.CaptureFixture[str],
    outcomes: list[RowOutcome],
    import_id: str | None,
    *,
    dry_run: bool,
    expected: str,
) -> None:
    counted = summary(*outcomes)
    counted.import_id = import_id
    with pytest.raises(SystemExit) as ended, report_interruption(counted, dry_run=dry_run):
        raise KeyboardInterrupt
    assert ended.value.code == 1
    assert f"Error: interrupted; {expected}" in capsys.readouterr().err


@pytest.fixture
def dotenv(isolated_environment: Path) -> Iterator[Path]:
    path = isolated_environment / ".env"
    path.write_text("LEADTRACKER_TIMZONE=Europe/Berlin\nthis is no setting\n")
    yield path
    path.unlink()


@on_sqlite
def test_mistakes_in_the_settings_file_are_named_once(leadtracker: CommandLine, dotenv: Path) -> None:
    assert dotenv.exists()
    warnings = leadtracker.run("config").err.splitlines()
    assert warnings[:1] == [
        "Warning: LEADTRACKER_TIMZONE is not a setting of this program; did you mean LEADTRACKER_TIMEZONE?"
    ]
    assert warnings[1:] == ["Warning: line 2 of .env is not NAME=value and is ignored."]
