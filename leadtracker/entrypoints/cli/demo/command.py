"""The command ``demo``."""

from datetime import UTC, datetime

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.use_cases.leads.find_leads import EVERYTHING
from leadtracker.entrypoints.cli.accounts.users import ensure_admin
from leadtracker.entrypoints.cli.application import Application, end, pass_application, say
from leadtracker.entrypoints.cli.demo.office import STAFF, Office
from leadtracker.entrypoints.cli.terminal import number_of

_RECEIVERS = {"SMTP_URL": "smtp_url", "RETOOL_URL": "retool_url", "WEBHOOK_URLS": "webhook_urls"}


@click.command(short_help="Fill an empty database with an invented law office.")
@click.option(
    "--weeks", type=click.IntRange(1, 52), default=12, show_default=True, help="How far back it goes."
)
@pass_application
def demo(application: Application, weeks: int) -> None:
    """Fill an empty database with an invented law office: leads, users, follow-ups, mails and reports.

    Nothing is sent to anyone. A database that holds leads is left alone.
    """
    _check_receivers(application)
    with application.container() as container:
        if container.find_leads()(OPERATOR, EVERYTHING, limit=1, after=None).items:
            end("the database holds leads; give the demo its own: LEADTRACKER_DATA_DIR=demo leadtracker demo")
        if container.read_reports().all(OPERATOR):
            end(
                "a scheduler has sealed weeks in this database, to which no leads can be added; "
                "give the demo its own: LEADTRACKER_DATA_DIR=demo leadtracker demo"
            )
        office = Office(container, datetime.now(UTC), weeks)
        ensure_admin(container, application.settings)  # on the day on which the office opens
        office.play()
    names = ", ".join(name for name, _ in STAFF)
    click.echo(f"Filled the database with {office.captured} leads of {number_of(weeks, 'week')}.")
    command = "leadtracker user set-password ada"
    say(f"The users {names} have random passwords. To set one, with the settings of the demo: {command}")


def _check_receivers(application: Application) -> None:
    """Exit if a scheduler that runs at the same time could send invented leads to real receivers."""
    given = [name for name, attribute in _RECEIVERS.items() if getattr(application.settings, attribute)]
    if given:
        end(f"LEADTRACKER_{given[0]} is set; the demo must not reach anyone, so unset it first")
