"""Commands for users."""

import sys

import click

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, USER_ROLES, Role
from leadtracker.domain.use_cases.accounts.manage_users import ManageUsers
from leadtracker.entrypoints.cli.accounts.role_option import role_option
from leadtracker.entrypoints.cli.application import (
    Application,
    end,
    pass_application,
    print_json,
)
from leadtracker.entrypoints.cli.terminal import print_table, read_password
from leadtracker.entrypoints.formats.json_models.accounts import UserJson
from leadtracker.settings import Settings

_ROLE = role_option(USER_ROLES)
_FORCE = click.option("--force", is_flag=True, help="Do it even if no enabled admin remains.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_PASSWORD_STDIN = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)
_TEMPORARY = click.option(
    "--temporary", is_flag=True, help="Let the user choose another password at the next sign-in on the pages."
)


@click.group()
def user() -> None:
    """Manage the users who can sign in."""


@user.command("add")
@click.argument("name")
@_ROLE
@click.option("--email", help="E-mail address of the user.")
@click.option("--assignable", is_flag=True, help="Let new leads be assigned to the user.")
@_PASSWORD_STDIN
@_TEMPORARY
@pass_application
def add_user(
    application: Application, /, *, password_stdin: bool, temporary: bool, **fields: str | bool | None
) -> None:
    """Add the user NAME; prompts for the password."""
    with application.container() as container:
        password = read_password(from_stdin=password_stdin)
        user = container.manage_users().create(
            OPERATOR, fields | {"password": password}, is_temporary=temporary
        )
    click.echo(f"Added user {user.name} ({user.role.value}).")


@user.command("invite")
@click.argument("name")
@_ROLE
@click.option("--email", required=True, help="E-mail address that gets the link to choose a password.")
@click.option("--assignable", is_flag=True, help="Let new leads be assigned to the user.")
@pass_application
def invite_user(application: Application, /, **fields: str | bool | None) -> None:
    """Add the user NAME, who chooses the password."""
    with application.container() as container:
        user = container.invite_user()(OPERATOR, fields)
    click.echo(f"Invited user {user.name} ({user.role.value}); a scheduler sends the e-mail.")


@user.command("list")
@_JSON
@pass_application
def list_users(application: Application, *, as_json: bool) -> None:
    """List all users."""
    with application.container() as container:
        users = container.manage_users().all(OPERATOR)
        linked = container.manage_users().identities(OPERATOR)
    if as_json:
        print_json([UserJson.of_user(one, linked.get(one.name, [])) for one in users])
        return
    rows = (
        (
            one.name,
            one.role.value,
            one.email,
            "yes" if one.is_assignable else "no",
            "disabled" if one.disabled_at else "invited" if one.is_invited else "active",
        )
        for one in users
    )
    print_table(
        ("NAME", "ROLE", "E-MAIL", "ASSIGNABLE", "STATE"),
        rows,
        "There are no users; add one: leadtracker user add",
    )


@user.command("disable")
@click.argument("name")
@_FORCE
@pass_application
def disable_user(application: Application, name: str, *, force: bool) -> None:
    """Disable the user NAME, effective at once."""
    with application.container() as container:
        _protect_last_admin(container.manage_users(), name, force=force)
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
@_FORCE
@pass_application
def set_role(application: Application, name: str, role: str, *, force: bool) -> None:
    """Change the role of the user NAME."""
    with application.container() as container:
        if Role(role) is not Role.ADMIN:
            _protect_last_admin(container.manage_users(), name, force=force)
        container.manage_users().change(OPERATOR, name, {"role": role})
    click.echo(f"User {name} is {role} now.")


@user.command("set-assignable")
@click.argument("name")
@click.argument("answer", type=click.Choice(["yes", "no"]))
@pass_application
def set_assignable(application: Application, name: str, answer: str) -> None:
    """Let new leads be assigned to the user NAME: yes or no."""
    with application.container() as container:
        container.manage_users().change(OPERATOR, name, {"assignable": answer == "yes"})
    click.echo(f"New leads may {'' if answer == 'yes' else 'not '}be assigned to {name} now.")


@user.command("set-email")
@click.argument("name")
@click.argument("address", required=False)
@click.option("--none", "is_cleared", is_flag=True, help="Remove the address instead.")
@pass_application
def set_email(application: Application, name: str, address: str | None, *, is_cleared: bool) -> None:
    """Change the e-mail address of the user NAME to ADDRESS."""
    if (address is None) is not is_cleared:
        message = "Give either an ADDRESS or --none."
        raise click.UsageError(message)
    with application.container() as container:
        container.manage_users().change(OPERATOR, name, {"email": address})
    click.echo(
        f"The e-mail address of {name} is {address} now." if address else f"{name} has no e-mail address now."
    )


@user.command("unlink", short_help="Unlink the user NAME from the OpenID provider.")
@click.argument("name")
@pass_application
def unlink_user(application: Application, name: str) -> None:
    """Unlink the user NAME from the person at the OpenID provider.

    The next person with the user's verified address who signs in is linked instead.
    """
    with application.container() as container:
        removed = container.manage_users().unlink(OPERATOR, name)
    click.echo(f"Unlinked user {name}." if removed else f"User {name} is not linked to the provider.")


@user.command("set-password")
@click.argument("name")
@_PASSWORD_STDIN
@_TEMPORARY
@pass_application
def set_password(application: Application, name: str, *, password_stdin: bool, temporary: bool) -> None:
    """Change the password of the user NAME, asked by a prompt."""
    with application.container() as container:
        password = read_password(from_stdin=password_stdin)
        container.manage_users().set_password(OPERATOR, name, password, is_temporary=temporary)
    click.echo(f"Changed the password of {name}.")


@user.command("remove-factor")
@click.argument("name")
@pass_application
def remove_second_factor(application: Application, name: str) -> None:
    """Remove the second factor of the user NAME."""
    with application.container() as container:
        removed = container.manage_second_factor().remove(OPERATOR, name)
    click.echo(f"Removed the second factor of {name}." if removed else f"User {name} has no second factor.")


def _protect_last_admin(manage_users: ManageUsers, name: str, *, force: bool) -> None:
    """Exit if no enabled admin would remain, unless the operator wants that."""
    admins = [one.name for one in manage_users.all(OPERATOR) if one.is_enabled_admin]
    if admins != [name] or force:
        return
    question = f"{name} is the only enabled admin. Go on all the same?"
    if not sys.stdin.isatty():
        end(f"{name} is the only enabled admin; add another one first, or repeat this with --force")
    if not click.confirm(question):
        end("nothing was changed")


def ensure_admin(container: Container, settings: Settings) -> None:
    """Create the first admin if there is no user; print the password if it was generated."""
    given = settings.admin_password.get_secret_value() if settings.admin_password else None
    generated = container.ensure_admin()(settings.admin_username, given)
    if generated:
        click.echo(f"First admin: {settings.admin_username}\nPassword (shown only now): {generated}")
