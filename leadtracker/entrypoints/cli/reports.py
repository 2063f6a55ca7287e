"""Commands for weekly reports."""

import sys
from collections.abc import Iterator

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.reports.sealed_leads import Difference, Explanation
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.reports.weekly_report import ReportState, WeeklyReport
from leadtracker.entrypoints.cli.application import (
    EXIT_FAILED,
    EXIT_USAGE,
    Application,
    end,
    pass_application,
    print_json,
    say,
)
from leadtracker.entrypoints.cli.terminal import coloured, number_of, print_table
from leadtracker.entrypoints.formats.attempt_details import attempt_detail
from leadtracker.entrypoints.formats.json_models.deliveries import (
    ExplanationJson,
    WeeklyReportJson,
    WeekPreviewJson,
)

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _checked_week(context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    """Return the name of a week; end with a usage error if it is none."""
    if name is not None:
        zone = context.find_object(Application).settings.timezone  # type: ignore[union-attr]
        try:
            Week.named(name, zone)
        except ValueError as error:
            end(f"“week” {error}", EXIT_USAGE)
    return name


_WEEK = click.option(
    "--week",
    metavar="WEEK",
    callback=_checked_week,
    help="ISO week, such as 2026-W46; default: the last closed week.",
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
    """Send the number of a closed week now.

    Seals the week if it is not sealed yet. A week that was delivered is sent again only with --again.
    """
    with application.container() as container:
        started = container.clock().now()
        sent = container.send_report_now()(OPERATOR, week, again=again)
        [reported] = container.read_reports().with_deliveries(OPERATOR, [sent])
    if as_json:
        print_json(WeeklyReportJson.of(reported))
    else:
        _print_report(sent)
    if sent.attempts[-1].started_at < started:
        say(f"{sent.week.name} was delivered before, so nothing was sent now. To send it again: --again")
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
        reported = container.read_reports().with_deliveries(OPERATOR, reports)
    if as_json:
        print_json([WeeklyReportJson.of(one) for one in reported])
        return
    rows = ((one.week.name, one.number_of_leads, one.state.value, len(one.attempts)) for one in reports)
    empty = "No week is sealed yet; the scheduler seals a week five minutes after its end."
    print_table(("WEEK", "LEADS", "STATE", "ATTEMPTS"), rows, empty)


@report.command()
@click.argument("week", callback=_checked_week)
@_JSON
@pass_application
def show(application: Application, week: str, *, as_json: bool) -> None:
    """Show the report of WEEK, such as 2026-W46."""
    with application.container() as container:
        shown = container.read_reports().one(OPERATOR, week)
        [reported] = container.read_reports().with_deliveries(OPERATOR, [shown])
    if as_json:
        print_json(WeeklyReportJson.of(reported))
        return
    _print_report(shown)
    for mail in reported.deliveries[1:]:
        click.echo(f"  e-mail  {coloured(mail.state.value)}  {number_of(len(mail.attempts), 'attempt')}")


@report.command()
@click.option(
    "--week",
    metavar="WEEK",
    callback=_checked_week,
    help="ISO week, such as 2026-W46; default: the current week.",
)
@_JSON
@pass_application
def preview(application: Application, week: str | None, *, as_json: bool) -> None:
    """Count the leads of a week without sending anything."""
    with application.container() as container:
        read_reports = container.read_reports()
        counted = read_reports.preview(OPERATOR, week) if week else read_reports.preview_current(OPERATOR)
    if as_json:
        print_json(WeekPreviewJson.of(counted))
        return
    leads = number_of(counted.number_of_leads, "lead")
    click.echo(f"{counted.week.name}  {leads}  (nothing was sealed or sent)")


@report.command(short_help="List the leads behind the number of WEEK.")
@click.argument("week", callback=_checked_week)
@_JSON
@pass_application
def explain(application: Application, week: str, *, as_json: bool) -> None:
    """List the leads that the number of WEEK counts, and those that it does not, with the reason."""
    with application.container() as container:
        explanation = container.explain_report()(OPERATOR, week)
    if as_json:
        print_json(ExplanationJson.json_of(explanation))
        return
    _print_difference(explanation)
    counted = (
        (lead.id, f"{lead.created_at:%Y-%m-%d %H:%M:%S} UTC", "erased" if lead.erased else "")
        for lead in explanation.counted
    )
    print_table(("COUNTED", "CREATED", ""), counted, "The number counts no lead.")
    excluded = (
        (lead.id, f"{lead.created_at:%Y-%m-%d %H:%M:%S} UTC", lead.reason.value if lead.reason else "")
        for lead in explanation.excluded
    )
    print_table(("EXCLUDED", "CREATED", "REASON"), excluded, "No lead of the week is excluded.")


@report.command()
@_WEEK
@click.option("--send", "sends", is_flag=True, help="Have the scheduler send it to each recipient.")
@click.option("--html", "as_html", is_flag=True, help="Print the HTML part.")
@pass_application
def email(application: Application, week: str | None, *, sends: bool, as_html: bool) -> None:
    """Show the e-mail about a sealed week, as it would be sent now."""
    with application.container() as container:
        shown = container.report_email().preview(OPERATOR, week)
        number = container.report_email().send(OPERATOR, week) if sends else None
    click.echo(shown.html if as_html else f"{shown.subject}\n\n{shown.text}")
    if number is not None:
        recipients = number_of(number, "recipient")
        say(f"The scheduler sends it to {recipients}." if number else "There is no recipient: REPORT_TO")


def _print_difference(explanation: Explanation) -> None:
    week, difference = explanation.report.week.name, explanation.difference
    sealed = number_of(explanation.report.number_of_leads, "lead")
    click.echo(f"{week}  {sealed}  sealed {explanation.report.sealed_at:%Y-%m-%d %H:%M:%S} UTC")
    changes = ", ".join(_changes(difference)) or "nothing has changed"
    click.echo(f"Today it would be {difference.today}: {changes}")


def _changes(difference: Difference) -> Iterator[str]:
    """Yield each change since a week was sealed, such as ``-1 erased``."""
    for number, change in (
        (-difference.erased, "erased"),
        (-difference.linked, "linked as repeat enquiries"),
        (difference.unlinked, "unlinked"),
        (difference.released, "released from quarantine"),
        (difference.added, "imported or entered later"),
    ):
        if number:
            yield f"{number:+} {change}"


def _print_report(shown: WeeklyReport) -> None:
    click.echo(_summary(shown))
    for attempt in shown.attempts:
        outcome = attempt.outcome.value if attempt.outcome else "in progress"
        timestamp = f"{attempt.started_at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(f"  {attempt.number}. {timestamp}  {coloured(outcome)}  {attempt_detail(attempt)}")
    if shown.may_have_arrived_twice:
        click.echo("  It may have arrived twice: an attempt of unknown outcome was repeated.")


def _summary(shown: WeeklyReport) -> str:
    due = f"  next attempt {shown.due_at:%Y-%m-%d %H:%M:%S} UTC" if shown.due_at else ""
    leads = number_of(shown.number_of_leads, "lead")
    return f"{shown.week.name}  {leads}  {coloured(shown.state.value)}{due}"
