"""Commands for the outbox."""

import click

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryState
from leadtracker.domain.model.leads.lead_query import MAX_PAGE_SIZE
from leadtracker.entrypoints.cli.application import Application, pass_application, print_json
from leadtracker.entrypoints.formats.as_json import delivery_json

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def deliveries() -> None:
    """Look at the mails and webhooks that wait, and have them sent once more."""


@deliveries.command("list")
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]), help="Only these.")
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_PAGE_SIZE),
    default=MAX_PAGE_SIZE,
    show_default=True,
    help="How many at most.",
)
@_JSON
@pass_application
def list_deliveries(application: Application, state: str | None, limit: int, *, as_json: bool) -> None:
    """List messages, the latest first."""
    state_filter = None if state is None else DeliveryState(state)
    with application.container() as container:
        page = container.manage_deliveries().page(OPERATOR, state_filter, limit=limit, after=None)
    if as_json:
        print_json([delivery_json(delivery) for delivery in page.deliveries])
        return
    for delivery in page.deliveries:
        click.echo(_summary(delivery))


@deliveries.command()
@click.argument("delivery_id", required=False, metavar="[ID]")
@click.option("--all-failed", is_flag=True, help="Every failed message.")
@pass_application
def retry(application: Application, delivery_id: str | None, *, all_failed: bool) -> None:
    """Have a message sent that is pending or failed, or all that are failed."""
    if (delivery_id is None) is not all_failed:
        message = "Give either an ID or --all-failed."
        raise click.UsageError(message)
    with application.container() as container:
        manage_deliveries = container.manage_deliveries()
        if delivery_id is None:
            click.echo(f"retried={manage_deliveries.retry_failed(OPERATOR)}")
        else:
            click.echo(_summary(manage_deliveries.retry(OPERATOR, delivery_id)))


def _summary(delivery: Delivery) -> str:
    last = delivery.attempts[-1] if delivery.attempts else None
    said = f"  {last.detail}" if last and last.detail else ""
    head = f"{delivery.id}  {delivery.state:10}  {delivery.kind:18}  {delivery.recipient}"
    return f"{head}  attempts={len(delivery.attempts)}{said}"
