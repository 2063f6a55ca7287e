"""The option ``--role`` of commands that add users and API keys."""

from collections.abc import Callable, Iterable

import click

from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.cli.application import CommandT


def role_option(roles: Iterable[Role]) -> Callable[[CommandT], CommandT]:
    """Return a decorator that adds the option to a command; it must be one of the roles."""
    choice = click.Choice([role.value for role in roles])
    return click.option("--role", required=True, type=choice, help="The permissions.")
