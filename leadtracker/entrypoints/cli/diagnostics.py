"""Commands that inspect the installation: ``doctor``, ``config`` and ``openapi``."""

import shlex
import sys
from collections.abc import Iterator

import click
from attrs import asdict

from leadtracker.container import Container
from leadtracker.domain.errors import ProviderUnavailable
from leadtracker.domain.use_cases.operations.check_health import Check, HealthCheck
from leadtracker.entrypoints.cli.application import EXIT_FAILED, Application, pass_application, print_json
from leadtracker.entrypoints.cli.terminal import coloured
from leadtracker.settings import SettingsError, masked, origins

_MAX_PATHS = 5


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_application
def doctor(application: Application, *, as_json: bool) -> None:
    """Check settings, schema and stored data.

    Prints one line per check, and exits with 1 if any check fails; WARN marks what needs an operator although
    it has passed. The web server and the scheduler may keep running.
    """
    done = []
    with application.container(prepare=False) as container:
        for check in _checks(container):
            done.append(check)
            if not as_json:
                verdict = ("WARN" if check.is_warning else "ok") if check.passed else "FAIL"
                click.echo(f"{coloured(verdict)}{' ' * (6 - len(verdict))}{check.name:15}{check.detail}")
    passed = all(check.passed for check in done)
    if as_json:
        print_json({"passed": passed, "checks": [asdict(check) for check in done]})
    if not passed:
        sys.exit(EXIT_FAILED)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_application
def config(application: Application, *, as_json: bool) -> None:
    """Show the resolved settings and where they come from.

    Secrets are shown as ***.
    """
    shown = masked(application.settings)
    if as_json:
        print_json(shown)
        return
    for name, origin in origins().items():
        value = shown[name]
        click.echo(f"{name}={'' if value is None else value}  {click.style(f'# {origin}', dim=True)}")


@click.command()
@pass_application
def openapi(application: Application) -> None:
    """Print the OpenAPI document of the HTTP API."""
    print_json(application.runners.describe_api())


def _checks(container: Container) -> Iterator[Check]:
    """Check that reports and mails can be sent with the settings, then run the diagnostics."""
    # Invalid settings have ended the program before; other errors show only when the adapters are built.
    try:
        for part in (container.report_sink, container.email_sender, container.email_writer):
            part()
    except SettingsError as error:
        yield Check(HealthCheck.CONFIGURATION, passed=False, detail=str(error))
    except Exception as error:  # noqa: BLE001 - the operator's mail templates can raise anything
        detail = f"mails or reports cannot be sent ({type(error).__name__}: {error})"
        yield Check(HealthCheck.CONFIGURATION, passed=False, detail=detail)
    else:
        yield Check(HealthCheck.CONFIGURATION, passed=True, detail="every setting can be used")
    yield _check_provider(container)
    yield _check_files(container)
    yield from container.run_diagnostics()()


def _check_files(container: Container) -> Check:
    """Check that what is stored is only for the user of the program."""
    found = container.file_modes().open_to_others()
    if not found:
        return Check(HealthCheck.FILES, passed=True, detail="only the user of the program can read them")
    named = ", ".join(found[:_MAX_PATHS]) + (", …" if len(found) > _MAX_PATHS else "")
    advice = (
        f"every user of this machine may enter or read: {named}; run: chmod -R o-rwx {shlex.quote(found[0])}"
    )
    return Check(HealthCheck.FILES, passed=True, detail=advice, is_warning=True)


def _check_provider(container: Container) -> Check:
    """Check that users can sign in through the OpenID provider, which may also be down for a time."""
    provider = container.identity_provider()
    if provider is None:
        return Check(HealthCheck.PROVIDER, passed=True, detail="users sign in with passwords only")
    try:
        provider.check()
    except ProviderUnavailable as error:
        return Check(HealthCheck.PROVIDER, passed=False, detail=str(error))
    return Check(HealthCheck.PROVIDER, passed=True, detail=f"{provider.host} can be used for signing in")
