"""Commands for weekly reports."""

import sys

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from leadtracker.entrypoints.cli.application import (
    EXIT_FAILED,
    Application,
    pass_application,
    print_json,
)
from leadtracker.entrypoints.formats.json_models.deliveries import WeeklyReportJson, WeekPreviewJson

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_WEEK = click.option(
    "--week", metavar="WEEK", help="ISO week, such as 2026-W46; default: the last closed week."
)


@click.group()
def report() -> None:
    """Seal, send and show the weekly number of leads."""


@report.command()
@_WEEK
@click.option("--again", is_flag=True, help="Send it even if it was delivered before.")
@_JSON
@pass_application
def send(application: Application, week: str | None, *, again: bool, as_json: bool) -> None:
    """Seal a closed week, if it is not sealed yet, and send its number now."""
    with application.container() as container:
        sent = container.send_report_now()(OPERATOR, week, again=again)
    if as_json:
        print_json(WeeklyReportJson.of(sent))
    else:
        _print_report(sent)
    was_attempted = again or sent.state is not ReportState.DELIVERED
    if was_attempted and sent.attempts[-1].outcome is not Outcome.DELIVERED:
        sys.exit(EXIT_FAILED)


@report.command("list")
@_JSON
@pass_application
def list_reports(application: Application, *, as_json: bool) -> None:
    """List every sealed week, oldest first."""
    with application.container() as container:
        reports = container.read_reports().all(OPERATOR)
    if as_json:
        print_json([WeeklyReportJson.of(one) for one in reports])
        return
    for one in reports:
        click.echo(_summary(one))


@report.command()
@click.argument("week")
@_JSON
@pass_application
def show(application: Application, week: str, *, as_json: bool) -> None:
    """Show the report of WEEK (such as 2026-W46) with its attempts."""
    with application.container() as container:
        shown = container.read_reports().one(OPERATOR, week)
    if as_json:
        print_json(WeeklyReportJson.of(shown))
    else:
        _print_report(shown)


@report.command()
@_WEEK
@_JSON
@pass_application
def preview(application: Application, week: str | None, *, as_json: bool) -> None:
    """Count the leads of a week without sealing or sending anything."""
    with application.container() as container:
        counted = container.read_reports().preview(OPERATOR, week)
    if as_json:
        print_json(WeekPreviewJson.of(counted))
        return
    click.echo(f"{counted.week.name}  {counted.number_of_leads} leads  (nothing was sealed or sent)")


def _print_report(shown: WeeklyReport) -> None:
    click.echo(_summary(shown))
    for attempt in shown.attempts:
        outcome = attempt.outcome.value if attempt.outcome else "in progress"
        timestamp = f"{attempt.started_at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(f"  {attempt.number}. {timestamp}  {outcome}  {attempt.detail or ''}")
    if shown.may_have_arrived_twice:
        click.echo("  It may have arrived twice: an attempt of unknown outcome was repeated.")


def _summary(shown: WeeklyReport) -> str:
    due = f"  next attempt {shown.due_at:%Y-%m-%d %H:%M:%S} UTC" if shown.due_at else ""
    return f"{shown.week.name}  {shown.number_of_leads} leads  {shown.state.value}{due}"
