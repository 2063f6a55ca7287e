"""Commands that bring leads in and out as files."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import IO

import click

from leadtracker.domain.model.access import OPERATOR
from leadtracker.domain.model.lead import Lead
from leadtracker.entrypoints.cli.application import Application, pass_application, print_json, say
from leadtracker.entrypoints.cli.import_results import RejectedFile, complaints, summary
from leadtracker.entrypoints.cli.progress import opened_with_progress
from leadtracker.entrypoints.formats.as_json import dump, lead_json
from leadtracker.entrypoints.formats.import_tally import ImportTally
from leadtracker.entrypoints.formats.lead_csv import LeadCsv, text_of, write_leads


@click.group()
def leads() -> None:
    """Bring leads in and out as files."""


@leads.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, store nothing.")
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rejected rows go; default: NAME.rejected.csv in the working directory.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_application
def import_leads(
    application: Application, file: Path, rejected: Path | None, *, dry_run: bool, as_json: bool
) -> None:
    """Import the leads of the CSV FILE.

    Columns are found by name: first_name, last_name, email; optional phone, message, source, state,
    created_at. Leads with a known e-mail address are skipped as duplicates.
    """
    with (
        application.container() as container,
        opened_with_progress(file) as opened,
        closing(RejectedFile(rejected or Path(f"{file.stem}.rejected.csv"))) as rejected_file,
    ):
        leads_csv = LeadCsv.open(text_of(opened))
        tally = ImportTally(leads_csv.ignored)
        for column in tally.ignored_columns:
            say(f"Warning: the column {column} is ignored.")
        for result in container.import_leads()(OPERATOR, leads_csv.rows(), dry_run=dry_run):
            tally.add(result)
            rejected_file.add(result)
    if as_json:
        print_json(tally.as_json())
        return
    for complaint in complaints(tally):
        say(complaint)
    rejected_file.announce()
    click.echo(summary(tally))


@leads.command("export")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "ndjson"]),
    default="csv",
    show_default=True,
)
@click.option(
    "--output",
    type=click.File("w", encoding="utf-8", lazy=True),
    default="-",
    help="Default: standard output.",
)
@pass_application
def export_leads(application: Application, file_format: str, output: IO[str]) -> None:
    """Export every lead, oldest first, as CSV or as one JSON object per line."""
    with application.container() as container:
        every_lead = container.export_leads()(OPERATOR)
        count = write_leads(output, every_lead) if file_format == "csv" else _write_ndjson(output, every_lead)
    say(f"Exported {count} leads.")


def _write_ndjson(file: IO[str], every_lead: Iterable[Lead]) -> int:
    count = 0
    for count, lead in enumerate(every_lead, start=1):  # noqa: B007 - the last number is the count
        file.write(dump(lead_json(lead)).decode() + "\n")
    return count
