"""Commands that describe: settings and API."""

import click

from leadtracker.entrypoints.cli.application import Application, pass_application, print_json
from leadtracker.settings import masked


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_application
def config(application: Application, *, as_json: bool) -> None:
    """Show the resolved settings; secrets are shown as ***."""
    shown = masked(application.settings)
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        click.echo(f"{name}={'' if value is None else value}")


@click.command()
@pass_application
def openapi(application: Application) -> None:
    """Print the OpenAPI document of the HTTP API."""
    print_json(application.runners.describe_api())
