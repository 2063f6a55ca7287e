"""Commands for mails."""

import sys

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.entrypoints.cli.application import EXIT_FAILED, Application, pass_application


@click.group()
def mail() -> None:
    """Try the way that mails take."""


@mail.command()
@click.argument("address")
@pass_application
def test(application: Application, address: str) -> None:
    """Send a mail to ADDRESS, now, and tell how it went; exit status 1 if it was not taken."""
    with application.container(prepare=False) as container:
        result = container.send_test_mail()(OPERATOR, address)
    click.echo(f"{result.outcome}: {result.detail}" if result.detail else result.outcome.value)
    if result.outcome is not Outcome.DELIVERED:
        sys.exit(EXIT_FAILED)
