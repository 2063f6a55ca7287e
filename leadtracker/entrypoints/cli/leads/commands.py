"""Commands that import and export leads as files."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

import click
from attrs import define, field

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.leads.lead_payload import LeadPayload
from leadtracker.domain.model.values.filename import clean_filename
from leadtracker.domain.use_cases.imports.import_rows import RowResult
from leadtracker.entrypoints.cli.application import Application, pass_application, print_json, say
from leadtracker.entrypoints.cli.leads.import_results import (
    RejectedFile,
    left_out_lines,
    reading_progress,
    rejected_lines,
    report_interruption,
    summary_line,
    summary_sentence,
)
from leadtracker.entrypoints.cli.terminal import number_of
from leadtracker.entrypoints.formats.as_json import dump
from leadtracker.entrypoints.formats.export import ExportFormat, export_pieces
from leadtracker.entrypoints.formats.import_summary import ImportSummary
from leadtracker.entrypoints.formats.json_models.personal_data import PersonalDataJson
from leadtracker.entrypoints.formats.lead_csv import KNOWN_COLUMNS, LeadCsv
from leadtracker.entrypoints.formats.personal_data_archive import archive_of


@click.group()
def leads() -> None:
    """Import and export leads as files."""


_IMPORT_HELP = f"""Import the leads of FILE, which is CSV or an Excel workbook (.xlsx).

Columns are found by their names, {", ".join(KNOWN_COLUMNS)}, or by common names of
other programs; other columns become answers. A name, and an e-mail address or a phone number, are
needed. Leads with a known e-mail address, or without one a known phone number, are skipped as duplicates.
"""


@leads.command("import", help=_IMPORT_HELP, short_help="Import the leads of a CSV or Excel file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, store nothing.")
@click.option("--update", is_flag=True, help="Fill in and change fields of known leads.")
@click.option("--owner", help="The user who owns the new leads whose rows name no owner.")
@click.option("--encoding", help="The encoding of the file, if it is not recognised, such as windows-1251.")
@click.option("--notify", is_flag=True, help="Send the usual mails for each new lead; by default none.")
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rejected rows go; default: NAME.rejected.csv in the working directory.",
)
@click.option(
    "--ignore-others", is_flag=True, help="Leave out other columns; by default they become answers."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_application
def import_leads(  # noqa: PLR0913 - one for each option
    application: Application,
    file: Path,
    rejected: Path | None,
    encoding: str | None,
    owner: str | None,
    *,
    dry_run: bool,
    update: bool,
    notify: bool,
    ignore_others: bool,
    as_json: bool,
) -> None:
    """Import the leads of a CSV file; ``_IMPORT_HELP`` is the help text."""
    summary = ImportSummary()
    with (
        report_interruption(summary, dry_run=dry_run),
        application.container() as container,
        file.open("rb") as opened,
        LeadCsv.open(
            opened, container.settings().timezone, encoding, ignores_others=ignore_others
        ) as leads_csv,
        closing(RejectedFile(rejected or Path(f"{file.stem}.rejected.csv"), leads_csv)) as rejected_file,
    ):
        summary.ignored_columns = leads_csv.ignored
        summary.encoding = leads_csv.dialect.encoding_label
        _announce(leads_csv, summary)
        running = container.import_leads()(
            OPERATOR,
            leads_csv.rows(),
            dry_run=dry_run,
            notify=notify,
            update=update,
            owner=owner,
            file_name=clean_filename(file.name),
        )
        summary.import_id = running.import_id
        with reading_progress(opened) as show_progress:
            _store(running, summary, rejected_file, show_progress)
    _show(summary, rejected_file, dry_run=dry_run, as_json=as_json)


def _store(
    running: Iterable[RowResult],
    summary: ImportSummary,
    rejected_file: RejectedFile,
    show_progress: Callable[[], None],
) -> None:
    for result in running:
        summary.add(result)
        rejected_file.add(result)
        show_progress()


def _announce(leads_csv: LeadCsv, summary: ImportSummary) -> None:
    """Say how the file is read, if that is not as usual, and which columns are not."""
    if not leads_csv.dialect.is_usual:
        say(f"Reading {leads_csv.dialect.description}.")
    for column in summary.ignored_columns:
        say(f"Warning: the column {column} is ignored.")


def _show(summary: ImportSummary, rejected_file: RejectedFile, *, dry_run: bool, as_json: bool) -> None:
    """Say what was imported and what was not."""
    if as_json:
        print_json(summary.as_json())
        return
    for line in (*left_out_lines(summary), *rejected_lines(summary)):
        say(line)
    rejected_file.announce()
    say(summary_sentence(summary, dry_run=dry_run))
    if summary.import_id:
        say(f"To undo this import: leadtracker imports undo {summary.import_id}")
    click.echo(summary_line(summary))


@leads.command("export")
@click.option(
    "--format",
    "file_format",
    type=click.Choice([one.value for one in ExportFormat]),
    default=ExportFormat.CSV.value,
    show_default=True,
    help="CSV for spreadsheets, or JSON lines.",
)
@click.option(
    "--output",
    type=click.File("wb", lazy=True),
    default="-",
    help="Default: standard output.",
)
@pass_application
def export_leads(application: Application, file_format: str, output: IO[bytes]) -> None:
    """Export every lead as CSV or as JSON lines, oldest first."""
    with application.container() as container:
        every_lead = _CountedLeads(container.export_leads()(OPERATOR))
        for piece in export_pieces(every_lead, ExportFormat(file_format)):
            output.write(piece)
    say(f"Exported {number_of(every_lead.count, 'lead')}.")


@leads.command("personal-data", short_help="Export everything that is stored about a person.")
@click.argument("lead_id", metavar="ID")
@click.option("--output", type=click.File("wb", lazy=True), default="-", help="Default: standard output.")
@click.option("--zip", "as_zip", is_flag=True, help="Write a ZIP archive with the files, too.")
@pass_application
def export_personal_data(application: Application, lead_id: str, output: IO[bytes], *, as_zip: bool) -> None:
    """Export everything that is stored about the person of the lead ID, as JSON.

    That is what a person may request under the GDPR: the lead, its repeat enquiries, their histories,
    follow-ups, mails, consents and the names of their files, and submissions in quarantine.
    """
    with application.container() as container:
        export = container.export_personal_data()
        person = export(OPERATOR, lead_id)
        if as_zip:
            with archive_of(person, export.files(person)) as archive:
                shutil.copyfileobj(archive, output)
            return
    output.write(dump(PersonalDataJson.of(person)) + b"\n")


@define
class _CountedLeads:
    """An iterable of leads that counts those it has yielded."""

    _leads: Iterable[LeadPayload]
    count: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[LeadPayload]:
        for lead in self._leads:
            self.count += 1
            yield lead
