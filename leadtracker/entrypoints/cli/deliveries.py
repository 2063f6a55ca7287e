"""Commands for everything that is sent: deliveries, test mails and webhooks."""

import sys

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryState
from leadtracker.domain.model.leads.queries.lead_query import MAX_PAGE_SIZE
from leadtracker.domain.use_cases.deliveries.manage_webhooks import EndpointView
from leadtracker.entrypoints.cli.application import (
    EXIT_FAILED,
    Application,
    end,
    pass_application,
    print_json,
    say,
)
from leadtracker.entrypoints.cli.terminal import coloured, print_table
from leadtracker.entrypoints.formats.attempt_details import attempt_detail
from leadtracker.entrypoints.formats.json_models.deliveries import DeliveryJson, EndpointJson

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_NO_ENDPOINT = "there is no webhook endpoint; set LEADTRACKER_WEBHOOK_URLS"
_DELIVERY_HEADS = ("ID", "STATE", "KIND", "ATTEMPTS", "RECIPIENT", "DETAIL")


@click.group()
def deliveries() -> None:
    """List mails and webhooks, and retry them."""


@deliveries.command("list")
@click.option(
    "--state",
    type=click.Choice([state.value for state in DeliveryState]),
    help="List only deliveries in this state.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_PAGE_SIZE),
    default=MAX_PAGE_SIZE,
    show_default=True,
    help="Maximum number.",
)
@_JSON
@pass_application
def list_deliveries(application: Application, state: str | None, limit: int, *, as_json: bool) -> None:
    """List deliveries, newest first."""
    state_filter = None if state is None else DeliveryState(state)
    with application.container() as container:
        page = container.manage_deliveries().page(OPERATOR, state_filter, limit=limit, after=None)
        mail_domain = container.settings().mail_domain
    if as_json:
        print_json([DeliveryJson.for_sender(delivery, mail_domain) for delivery in page.items])
        return
    empty = "There are no deliveries." if state is None else f"There are no deliveries in the state {state}."
    print_table(_DELIVERY_HEADS, map(_delivery_row, page.items), empty)


@deliveries.command()
@click.argument("delivery_id", required=False, metavar="[ID]")
@click.option("--all-failed", is_flag=True, help="Retry every failed delivery.")
@click.option("--all-pending", is_flag=True, help="Retry every pending delivery that was attempted in vain.")
@pass_application
def retry(application: Application, delivery_id: str | None, *, all_failed: bool, all_pending: bool) -> None:
    """Retry one delivery, or all that failed or that wait."""
    if (delivery_id is not None) + all_failed + all_pending != 1:
        message = "Give either an ID, --all-failed or --all-pending."
        raise click.UsageError(message)
    with application.container() as container:
        manage_deliveries = container.manage_deliveries()
        if all_failed:
            click.echo(f"retried={manage_deliveries.retry_failed(OPERATOR)}")
        elif delivery_id is None:
            click.echo(f"retried={manage_deliveries.retry_pending(OPERATOR)}")
        else:
            retried = manage_deliveries.retry(OPERATOR, delivery_id)
            print_table(_DELIVERY_HEADS, [_delivery_row(retried)], "")


@click.group()
def mail() -> None:
    """Test the mail settings."""


@mail.command("test")
@click.argument("address")
@pass_application
def send_test_mail(application: Application, address: str) -> None:
    """Send a test mail to ADDRESS now and print the result.

    Exits with 1 if it was not accepted.
    """
    with application.container(prepare=False) as container:
        result = container.send_test_mail()(OPERATOR, address)
    outcome = coloured(result.outcome.value)
    click.echo(f"{outcome}: {attempt_detail(result)}")
    if result.outcome is not Outcome.DELIVERED:
        sys.exit(EXIT_FAILED)


@click.group()
def webhook() -> None:
    """List and test the endpoints that receive lead events."""


@webhook.command("list")
@_JSON
@pass_application
def list_endpoints(application: Application, *, as_json: bool) -> None:
    """List the endpoints in LEADTRACKER_WEBHOOK_URLS."""
    with application.container() as container:
        views = container.manage_webhooks().all(OPERATOR)
    if as_json:
        print_json([EndpointJson.of(view) for view in views])
        return
    rows = ((view.number, view.endpoint.origin, *_endpoint_state(view)) for view in views)
    print_table(("NUMBER", "URL", "STATE", "SINCE"), rows, f"T{_NO_ENDPOINT[1:]}.")


@webhook.command("test")
@click.argument("endpoint", required=False, metavar="[NUMBER|HOST]")
@pass_application
def send_test_event(application: Application, endpoint: str | None) -> None:
    """Send a test event to one endpoint or to all.

    Prints the results, and exits with 1 if one failed.
    """
    with application.container() as container:
        manage = container.manage_webhooks()
        views = manage.all(OPERATOR) if endpoint is None else [manage.one(OPERATOR, endpoint)]
        if not views:
            end(_NO_ENDPOINT)
        all_delivered = True
        for view in views:
            result = manage.test(OPERATOR, view)
            all_delivered &= result.outcome is Outcome.DELIVERED
            outcome = coloured(result.outcome.value)
            click.echo(f"{view.number}  {view.endpoint.origin}  {outcome}  {attempt_detail(result)}")
    if not all_delivered:
        sys.exit(EXIT_FAILED)


@webhook.command()
@click.argument("endpoint", metavar="NUMBER|HOST")
@pass_application
def enable(application: Application, endpoint: str) -> None:
    """Enable an endpoint that a 410 response has disabled."""
    with application.container() as container:
        view = container.manage_webhooks().enable(OPERATOR, endpoint)
    click.echo(f"{view.number}  {view.endpoint.origin}  {coloured('enabled')}")
    say("Events that it missed have failed; send them with: leadtracker deliveries retry --all-failed")


def _delivery_row(delivery: Delivery) -> tuple[object, ...]:
    number = len(delivery.attempts)
    last = attempt_detail(delivery.attempts[-1]) if delivery.attempts else None
    return delivery.id, delivery.state, delivery.kind, number, delivery.recipient, last


def _endpoint_state(view: EndpointView) -> tuple[str, str | None]:
    if view.disabled_at is None:
        return "enabled", None
    return "disabled", f"{view.disabled_at:%Y-%m-%d %H:%M:%S} UTC"
