"""Commands that run the application: ``up``, ``web``, ``scheduler``, ``migrate``."""

import errno
import socket
import sys
from collections.abc import Sequence

import click

from leadtracker.container import Container
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.domain.ports.schema import Migration
from leadtracker.entrypoints.cli.accounts.users import ensure_admin
from leadtracker.entrypoints.cli.application import (
    EXIT_CONFIG,
    EXIT_FAILED,
    Application,
    end,
    pass_application,
    print_json,
    say,
)
from leadtracker.entrypoints.cli.terminal import print_table
from leadtracker.settings import MAX_PORT, Settings, SettingsError, secret_key

_HOST = click.option("--host", help="The address to listen on, instead of LEADTRACKER_HOST.")
_PORT = click.option(
    "--port", type=click.IntRange(1, MAX_PORT), help="The port to listen on, instead of LEADTRACKER_PORT."
)


@click.command()
@_HOST
@_PORT
@pass_application
def up(application: Application, host: str | None, port: int | None) -> None:
    """Run web server and scheduler together, and migrate before.

    Exits with 1 if one of them ends, and stops the other.
    """
    application = application.listening_at(host, port)
    _check_port(application.settings)
    with application.container(prepare=False) as container:
        _check_mail_templates(container)
        container.schema().migrate()
        ensure_admin(container, application.settings)
    _announce(application.settings)
    if not application.runners.supervise("web", "scheduler"):
        sys.exit(EXIT_FAILED)


@click.command()
@_HOST
@_PORT
@pass_application
def web(application: Application, host: str | None, port: int | None) -> None:
    """Run the web server."""
    application = application.listening_at(host, port)
    settings = application.settings
    with application.container() as container:
        _check_mail_templates(container)
        ensure_admin(container, settings)
    _ensure_secret_key(settings)
    # From here on no connection is open: workers must not inherit one.
    _check_port(settings)
    application.runners.serve(settings)


@click.command()
@click.option("--once", is_flag=True, help="Run what is due now, then exit; status 1 if an attempt failed.")
@pass_application
def scheduler(application: Application, *, once: bool) -> None:
    """Run the scheduler: reminders, mails, webhooks, weekly reports.

    Any number of schedulers may run.
    """
    runners = application.runners
    with application.container() as container:
        _check_mail_templates(container)
        if not once:
            runners.schedule(container)
        elif not runners.schedule_once(container):
            sys.exit(EXIT_FAILED)


@click.command()
@click.option("--status", is_flag=True, help="List the migrations; change nothing.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and how to go back; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --status: print JSON.")
@pass_application
def migrate(application: Application, *, status: bool, dry_run: bool, as_json: bool) -> None:
    """Bring the database schema up to date.

    Shows the pending migrations and how to go back before it applies them.
    """
    with application.container(prepare=False) as container:
        schema = container.schema()
        steps = schema.migrations()
        if status:
            _list_migrations(steps, as_json=as_json)
            return
        _show_pending(steps)
        names = () if dry_run else schema.migrate()
    click.echo("\n".join(f"applied {name}" for name in names), nl=bool(names))


def _list_migrations(steps: Sequence[Migration], *, as_json: bool) -> None:
    applied = [step.applied_at and format_timestamp(step.applied_at) for step in steps]
    if as_json:
        print_json([{"name": step.name, "applied_at": at} for step, at in zip(steps, applied, strict=True)])
        return
    rows = ((step.name, at or "not applied", step.purpose) for step, at in zip(steps, applied, strict=True))
    print_table(("MIGRATION", "APPLIED", "PURPOSE"), rows, "There are no migrations.")


def _show_pending(steps: Sequence[Migration]) -> None:
    pending = [step for step in steps if step.applied_at is None]
    if not pending:
        click.echo("The schema is up to date.")
        return
    print_table(("PENDING", "PURPOSE"), ((step.name, step.purpose) for step in pending), "")
    if len(pending) < len(steps):
        click.echo(
            "Migrations cannot be undone. To go back, install the version that made the database, "
            "and restore a backup made before: leadtracker restore FILE."
        )


def _ensure_secret_key(settings: Settings) -> None:
    """Generate the secret key, if none is given, before several workers need it."""
    try:
        secret_key(settings)
    except SettingsError as error:
        end(str(error), EXIT_CONFIG)


def _check_mail_templates(container: Container) -> None:
    """Exit now if a mail template is broken, instead of failing with each mail."""
    container.email_writer()


def _announce(settings: Settings) -> None:
    """Say where the pages are, and what does not leave this machine until it is configured."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    here = f"http://{host}:{settings.port}"
    say(f"LeadTracker starts. Dashboard: {here}/dashboard  Form: {here}/  API: {here}/docs  Ctrl-C stops it.")
    if settings.retool_url is None:
        say("The weekly number goes to the log only; set LEADTRACKER_RETOOL_URL to send it.")
    if settings.smtp_url is None:
        say(f"Mails are only files in {settings.mail_folder}; set LEADTRACKER_SMTP_URL to send them.")
    if "timezone" not in settings.model_fields_set:
        say("Weeks and times are in UTC; set LEADTRACKER_TIMEZONE, such as Europe/Berlin.")


def _check_port(settings: Settings) -> None:
    """Exit with one line if the port is in use, before each worker fails with its own error."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            reason = error.strerror or str(error)
            advice = "" if error.errno != errno.EADDRINUSE else "; stop what uses it, or set LEADTRACKER_PORT"
            end(f"cannot listen at {settings.host} port {settings.port}: {reason}{advice}")
