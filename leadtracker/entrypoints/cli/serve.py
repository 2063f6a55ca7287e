"""Commands that run the application: ``up``, ``web``, ``scheduler``, ``migrate``."""

import socket
import sys

import click

from leadtracker.container import Container
from leadtracker.domain.model.timestamps import format_timestamp
from leadtracker.entrypoints.cli.application import (
    EXIT_CONFIG,
    EXIT_FAILED,
    Application,
    end,
    pass_application,
    print_json,
    say,
)
from leadtracker.entrypoints.parent_watchdog import exit_with_parent
from leadtracker.settings import Settings, SettingsError, secret_key

_END_WITH_PARENT = click.option(
    "--exit-with-parent",
    is_flag=True,
    hidden=True,  # for `up` only
    expose_value=False,
    is_eager=True,
    callback=lambda _context, _option, enabled: exit_with_parent() if enabled else None,
)


@click.command()
@pass_application
def up(application: Application) -> None:
    """Bring the database up to date, then run web server and scheduler together."""
    with application.container(prepare=False) as container:
        _check_mail_templates(container)
        container.schema().migrate()
        _ensure_admin(container, application.settings)
    _announce(application.settings)
    if not application.runners.supervise("web", "scheduler"):
        sys.exit(EXIT_FAILED)


@click.command()
@_END_WITH_PARENT
@pass_application
def web(application: Application) -> None:
    """Run the web server."""
    settings = application.settings
    with application.container() as container:
        _check_mail_templates(container)
        _ensure_admin(container, settings)
    _ensure_secret_key(settings)
    # From here on nothing is open: connections must not be shared with the worker processes.
    _check_port(settings)
    application.runners.serve(settings.host, settings.port, settings.web_workers)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then exit; 1 if an attempt failed.")
@_END_WITH_PARENT
@pass_application
def scheduler(application: Application, *, once: bool) -> None:
    """Run the scheduler: reminders, mails, webhooks, weekly reports."""
    runners = application.runners
    with application.container() as container:
        _check_mail_templates(container)
        if not once:
            runners.schedule(container)
        elif not runners.schedule_once(container):
            sys.exit(EXIT_FAILED)


@click.command()
@click.option("--status", is_flag=True, help="List the migrations; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --status: print JSON.")
@pass_application
def migrate(application: Application, *, status: bool, as_json: bool) -> None:
    """Bring the database schema up to date."""
    with application.container(prepare=False) as container:
        if not status:
            names = container.schema().migrate()
            click.echo("\n".join(f"applied {name}" for name in names) or "The schema is up to date.")
            return
        steps = [
            {"name": step.name, "applied_at": step.applied_at and format_timestamp(step.applied_at)}
            for step in container.schema().migrations()
        ]
    if as_json:
        print_json(steps)
        return
    for step in steps:
        click.echo(f"{step['name']}  {step['applied_at'] or 'not applied'}")


def _ensure_admin(container: Container, settings: Settings) -> None:
    """Create the first admin; the only place where a password is ever shown."""
    given = settings.admin_password.get_secret_value() if settings.admin_password else None
    generated = container.ensure_admin()(settings.admin_username, given)
    if generated:
        click.echo(f"First admin: {settings.admin_username}\nPassword (shown only now): {generated}")


def _ensure_secret_key(settings: Settings) -> None:
    """Make the key once, before several workers want it."""
    try:
        secret_key(settings)
    except SettingsError as error:
        end(str(error), EXIT_CONFIG)


def _check_mail_templates(container: Container) -> None:
    """End the program now if a template is broken, instead of failing mail by mail."""
    container.email_writer()


def _announce(settings: Settings) -> None:
    say(f"LeadTracker is at http://{settings.host}:{settings.port}, its API at /docs. Ctrl-C stops it.")
    if settings.retool_url is None:
        say("Weekly reports go to the log; set LEADTRACKER_RETOOL_URL to send them.")
    if settings.smtp_url is None:
        say(f"Mails are written to {settings.mail_folder}; set LEADTRACKER_SMTP_URL to send them.")


def _check_port(settings: Settings) -> None:
    """Tell a taken port in one line, before workers start and fail in many."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            end(f"cannot listen at {settings.host} port {settings.port}: {error.strerror or error}")
