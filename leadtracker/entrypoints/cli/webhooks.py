"""Commands for webhooks."""

import sys

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.use_cases.deliveries.manage_webhooks import EndpointView
from leadtracker.entrypoints.cli.application import (
    EXIT_FAILED,
    Application,
    end,
    pass_application,
    print_json,
    say,
)
from leadtracker.entrypoints.formats.as_json import endpoint_json

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def webhook() -> None:
    """Look at the programs that are told what happens to leads, and try them out."""


@webhook.command("list")
@_JSON
@pass_application
def list_endpoints(application: Application, *, as_json: bool) -> None:
    """List the endpoints in LEADTRACKER_WEBHOOK_URLS."""
    with application.container() as container:
        views = container.manage_webhooks().all(OPERATOR)
    if as_json:
        print_json([endpoint_json(view) for view in views])
        return
    for view in views:
        click.echo(_summary(view))


@webhook.command()
@click.argument("endpoint", required=False, metavar="[NUMBER|HOST]")
@pass_application
def test(application: Application, endpoint: str | None) -> None:
    """Send a test event to one endpoint or to all, and tell what came of it; exit 1 if one failed."""
    with application.container() as container:
        manage = container.manage_webhooks()
        views = manage.all(OPERATOR) if endpoint is None else [manage.one(OPERATOR, endpoint)]
        if not views:
            end("there is no webhook endpoint; set LEADTRACKER_WEBHOOK_URLS")
        all_arrived = True
        for view in views:
            result = manage.test(OPERATOR, view)
            all_arrived &= result.outcome is Outcome.DELIVERED
            click.echo(
                f"{view.number}  {view.endpoint.origin}  {result.outcome.value}  {result.detail or ''}"
            )
    if not all_arrived:
        sys.exit(EXIT_FAILED)


@webhook.command()
@click.argument("endpoint", metavar="NUMBER|HOST")
@pass_application
def enable(application: Application, endpoint: str) -> None:
    """Tell an endpoint again that had answered 410 and was disabled."""
    with application.container() as container:
        click.echo(_summary(container.manage_webhooks().enable(OPERATOR, endpoint)))
    say("What it missed has failed; to send it: leadtracker deliveries retry --all-failed")


def _summary(view: EndpointView) -> str:
    since = f"disabled since {view.disabled_at:%Y-%m-%d %H:%M:%S} UTC" if view.disabled_at else "enabled"
    return f"{view.number}  {view.endpoint.origin}  {since}"
