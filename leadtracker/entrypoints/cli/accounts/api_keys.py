"""Commands for API keys."""

import re
from datetime import datetime, timedelta

import click

from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.account import ApiKey
from leadtracker.entrypoints.cli.accounts.role_option import role_option
from leadtracker.entrypoints.cli.application import Application, pass_application, print_json, say
from leadtracker.entrypoints.cli.terminal import print_table
from leadtracker.entrypoints.formats.json_models.accounts import ApiKeyJson

_DAYS = re.compile(r"([1-9][0-9]{0,3})d", re.ASCII)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _read_days(_context: click.Context, _param: click.Parameter, text: str | None) -> timedelta | None:
    if text is None:
        return None
    match = _DAYS.fullmatch(text)
    if match is None:
        message = "must be a number of days from 1 to 9999, such as 90d"
        raise click.BadParameter(message)
    return timedelta(days=int(match[1]))


@click.group("api-key")
def api_key() -> None:
    """Manage the keys of API clients."""


@api_key.command("add")
@click.argument("name")
@role_option(Role)
@click.option(
    "--expires",
    metavar="DAYSd",
    callback=_read_days,
    help="After how many days the key is rejected, such as 90d.",
)
@pass_application
def add_api_key(application: Application, name: str, role: str, expires: timedelta | None) -> None:
    """Add the API key NAME and print it once."""
    with application.container() as container:
        secret = container.manage_api_keys().add(OPERATOR, name, Role(role), expires)
    say(f"Added API key {name} ({role}). Keep it now; it cannot be shown again:")
    click.echo(secret)


@api_key.command("list")
@_JSON
@pass_application
def list_api_keys(application: Application, *, as_json: bool) -> None:
    """List all API keys."""
    with application.container() as container:
        keys = container.manage_api_keys().all(OPERATOR)
        now = container.clock().now()
    if as_json:
        print_json([ApiKeyJson.of(key) for key in keys])
        return
    rows = (
        (
            key.name,
            key.role.value,
            _state(key, now),
            _day(key.expires_at) or "never",
            _day(key.last_used_at) or "never",
            key.created_by,
        )
        for key in keys
    )
    print_table(
        ("NAME", "ROLE", "STATE", "EXPIRES", "USED", "CREATOR"),
        rows,
        "There are no API keys; add one: leadtracker api-key add",
    )


@api_key.command("revoke")
@click.argument("name")
@pass_application
def revoke_api_key(application: Application, name: str) -> None:
    """Revoke the API key NAME permanently."""
    with application.container() as container:
        container.manage_api_keys().revoke(OPERATOR, name)
    click.echo(f"Revoked API key {name}.")


def _state(key: ApiKey, now: datetime) -> str:
    if key.is_valid(now):
        return "expires soon" if key.expires_soon(now) else "active"
    return "revoked" if key.revoked_at else "expired"


def _day(timestamp: datetime | None) -> str:
    return f"{timestamp:%Y-%m-%d}" if timestamp else ""
