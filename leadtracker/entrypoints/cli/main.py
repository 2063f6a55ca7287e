"""The command ``leadtracker``, and the exit status of each domain error."""

from collections.abc import Mapping

import click

from leadtracker.domain.errors import (
    AuthenticationFailed,
    Conflict,
    IdempotencyKeyReused,
    ImportRejected,
    InvalidInput,
    LeadTrackerError,
    NotFound,
    NotTheAuthor,
    PasswordHashingBusy,
    PermissionDenied,
    ProviderUnavailable,
    RestoreRejected,
    SecondFactorLocked,
    SecondFactorRequired,
    SecretUnreadable,
    StorageUnavailable,
    WeekNotClosed,
    WeekTooOld,
)
from leadtracker.entrypoints.cli.accounts.api_keys import api_key
from leadtracker.entrypoints.cli.accounts.audit import audit
from leadtracker.entrypoints.cli.accounts.users import user
from leadtracker.entrypoints.cli.application import EXIT_FAILED, EXIT_USAGE, end, load_application
from leadtracker.entrypoints.cli.backup import backup, restore
from leadtracker.entrypoints.cli.deliveries import deliveries, mail, webhook
from leadtracker.entrypoints.cli.demo.command import demo
from leadtracker.entrypoints.cli.diagnostics import config, doctor, openapi
from leadtracker.entrypoints.cli.leads.commands import leads
from leadtracker.entrypoints.cli.leads.imports import imports
from leadtracker.entrypoints.cli.leads.statistics import stats
from leadtracker.entrypoints.cli.reports import report
from leadtracker.entrypoints.cli.retention import retention
from leadtracker.entrypoints.cli.serve import migrate, scheduler, up, web
from leadtracker.entrypoints.formats.field_messages import named_phrases
from leadtracker.entrypoints.logs import allows_colours
from leadtracker.entrypoints.process import exit_with_parent

EXIT_STATUSES: Mapping[type[LeadTrackerError], int] = {
    AuthenticationFailed: EXIT_FAILED,
    Conflict: EXIT_FAILED,
    IdempotencyKeyReused: EXIT_FAILED,
    ImportRejected: EXIT_FAILED,
    InvalidInput: EXIT_USAGE,
    NotFound: EXIT_FAILED,
    NotTheAuthor: EXIT_FAILED,
    PasswordHashingBusy: EXIT_FAILED,
    SecondFactorLocked: EXIT_FAILED,
    SecondFactorRequired: EXIT_FAILED,
    SecretUnreadable: EXIT_FAILED,
    PermissionDenied: EXIT_FAILED,
    ProviderUnavailable: EXIT_FAILED,
    RestoreRejected: EXIT_FAILED,
    StorageUnavailable: EXIT_FAILED,
    WeekNotClosed: EXIT_FAILED,
    WeekTooOld: EXIT_FAILED,
}


class _Commands(click.Group):
    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except LeadTrackerError as error:
            end(_message(error), exit_status(type(error)))


def _message(error: LeadTrackerError) -> str:
    if isinstance(error, InvalidInput):
        return named_phrases(error.errors)
    cause = error.__cause__
    if isinstance(cause, OSError) and cause.filename:
        return f"{error}: {cause.filename}: {cause.strerror}"
    reason = str(cause or "").partition("\n")[0]
    return f"{error}: {reason}" if reason else str(error)


def exit_status(error: type[LeadTrackerError]) -> int:
    """Return the exit status of an error class, or of its nearest base class that has one."""
    return next((EXIT_STATUSES[base] for base in error.__mro__ if base in EXIT_STATUSES), EXIT_FAILED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="leadtracker", message="leadtracker %(version)s")
@click.option(
    "--exit-with-parent",
    "parent",
    type=int,
    hidden=True,  # for `up` only
)
@click.pass_context
def command_line(context: click.Context, *, parent: int | None) -> None:
    """Capture leads, follow them up, and report their number once a week.

    Settings come from LEADTRACKER_… variables or a .env file; `leadtracker config` shows them.
    NO_COLOR turns colours off.
    """
    context.color = None if allows_colours() else False  # None: on terminals only
    if parent is not None:
        exit_with_parent(parent)
    context.obj = load_application(context.obj, warns=parent is None)


for _command in (
    up,
    web,
    scheduler,
    migrate,
    report,
    user,
    api_key,
    audit,
    leads,
    imports,
    stats,
    deliveries,
    webhook,
    mail,
    doctor,
    backup,
    restore,
    retention,
    demo,
    config,
    openapi,
):
    command_line.add_command(_command)
