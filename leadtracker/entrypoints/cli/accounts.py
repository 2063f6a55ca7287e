"""Commands for users and API keys."""

import sys

import click

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.cli.application import Application, pass_application, print_json, say
from leadtracker.entrypoints.formats.json_models.accounts import ApiKeyJson, UserJson
from leadtracker.settings import Settings

_ROLE = click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="The permissions.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_PASSWORD_STDIN = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group()
def user() -> None:
    """Manage the users who can sign in."""


@user.command("add")
@click.argument("name")
@_ROLE
@click.option("--email", help="E-mail address of the user.")
@_PASSWORD_STDIN
@pass_application
def add_user(
    application: Application, name: str, role: str, email: str | None, *, password_stdin: bool
) -> None:
    """Add the user NAME; prompts for the password."""
    with application.container() as container:
        password = _read_password(from_stdin=password_stdin)
        container.manage_users().add(OPERATOR, name, Role(role), password, email)
    click.echo(f"Added user {name} ({role}).")


@user.command("list")
@_JSON
@pass_application
def list_users(application: Application, *, as_json: bool) -> None:
    """List all users."""
    with application.container() as container:
        users = container.manage_users().all(OPERATOR)
    if as_json:
        print_json([UserJson.of(one) for one in users])
        return
    for one in users:
        click.echo(
            f"{one.name}\t{one.role.value}\t{one.email or '-'}\t{'disabled' if one.disabled_at else 'active'}"
        )


@user.command("disable")
@click.argument("name")
@pass_application
def disable_user(application: Application, name: str) -> None:
    """Disable the user NAME, effective at once."""
    with application.container() as container:
        container.manage_users().disable(OPERATOR, name)
    click.echo(f"Disabled user {name}.")


@user.command("enable")
@click.argument("name")
@pass_application
def enable_user(application: Application, name: str) -> None:
    """Enable the disabled user NAME."""
    with application.container() as container:
        container.manage_users().change(OPERATOR, name, {"disabled": False})
    click.echo(f"Enabled user {name}.")


@user.command("set-role")
@click.argument("name")
@_ROLE
@pass_application
def set_role(application: Application, name: str, role: str) -> None:
    """Change the role of the user NAME."""
    with application.container() as container:
        container.manage_users().change(OPERATOR, name, {"role": role})
    click.echo(f"User {name} is {role} now.")


@user.command("set-password")
@click.argument("name")
@_PASSWORD_STDIN
@pass_application
def set_password(application: Application, name: str, *, password_stdin: bool) -> None:
    """Change the password of the user NAME; prompts for it."""
    with application.container() as container:
        password = _read_password(from_stdin=password_stdin)
        container.manage_users().set_password(OPERATOR, name, password)
    click.echo(f"Changed the password of {name}.")


@click.group("api-key")
def api_key() -> None:
    """Manage the keys of API clients."""


@api_key.command("add")
@click.argument("name")
@_ROLE
@pass_application
def add_api_key(application: Application, name: str, role: str) -> None:
    """Add the API key NAME and print it once."""
    with application.container() as container:
        secret = container.manage_api_keys().add(OPERATOR, name, Role(role))
    say(f"Added API key {name} ({role}). Keep it now; it cannot be shown again:")
    click.echo(secret)


@api_key.command("list")
@_JSON
@pass_application
def list_api_keys(application: Application, *, as_json: bool) -> None:
    """List all API keys."""
    with application.container() as container:
        keys = container.manage_api_keys().all(OPERATOR)
    if as_json:
        print_json([ApiKeyJson.of(key) for key in keys])
        return
    for key in keys:
        click.echo(f"{key.name}\t{key.role.value}\t{'revoked' if key.revoked_at else 'active'}")


@api_key.command("revoke")
@click.argument("name")
@pass_application
def revoke_api_key(application: Application, name: str) -> None:
    """Revoke the API key NAME permanently."""
    with application.container() as container:
        container.manage_api_keys().revoke(OPERATOR, name)
    click.echo(f"Revoked API key {name}.")


def _read_password(*, from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def ensure_admin(container: Container, settings: Settings) -> None:
    """Create the first admin if there is no user; print the password if it was generated."""
    given = settings.admin_password.get_secret_value() if settings.admin_password else None
    generated = container.ensure_admin()(settings.admin_username, given)
    if generated:
        click.echo(f"First admin: {settings.admin_username}\nPassword (shown only now): {generated}")
