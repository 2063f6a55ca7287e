"""Commands for retention."""

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.leads.retention import NOTICE
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.domain.use_cases.leads.retention import MAX_COUNTED
from leadtracker.entrypoints.cli.application import Application, pass_application, print_json, say
from leadtracker.entrypoints.cli.terminal import print_table
from leadtracker.entrypoints.formats.json_models.retention import RetentionJson

_STATES = ("STATE", "MONTHS", "DUE NOW", f"DUE IN {NOTICE.days} DAYS")
_LEADS = ("ID", "STATE", "OWNER", "LAST ACTIVITY", "ERASED FROM")


@click.group()
def retention() -> None:
    """Show whom LEADTRACKER_RETENTION erases."""


@retention.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_application
def preview(application: Application, *, as_json: bool) -> None:
    """List the leads due for erasure within 30 days.

    The scheduler erases what is due every hour, with the repeat enquiries of each person.
    """
    with application.container() as container:
        previewed = container.preview_retention()
        is_paused = previewed.is_paused()
        counts, leads = previewed.counts(OPERATOR), list(previewed.all(OPERATOR))
    if as_json:
        print_json(RetentionJson.of_preview(counts, leads, is_paused=is_paused))
        return
    if counts and is_paused:
        say("Nothing is erased: no scheduler has run yet, or the clock jumped; see leadtracker doctor.")
    rows = ((one.state.value, one.months, _number(one.due), _number(one.soon)) for one in counts)
    print_table(_STATES, rows, "All leads are kept: LEADTRACKER_RETENTION is not set.")
    if leads:
        click.echo()
        rows_of_leads = (
            (
                one.lead.id,
                one.lead.state.value,
                one.lead.owner,
                format_timestamp(one.last_activity)[:10],
                format_timestamp(one.due_at)[:16].replace("T", " "),
            )
            for one in leads
        )
        print_table(_LEADS, rows_of_leads, "")


def _number(number: int | None) -> str | None:
    if number is None:
        return None
    return f"{number:,}+" if number >= MAX_COUNTED else f"{number:,}"
