"""The command ``doctor``."""

import sys
from collections.abc import Iterator

import click

from leadtracker.container import Container
from leadtracker.domain.use_cases.operations.check_health import Check
from leadtracker.entrypoints.cli.application import (
    EXIT_FAILED,
    Application,
    pass_application,
    print_json,
)
from leadtracker.entrypoints.formats.as_json import check_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_application
def doctor(application: Application, *, as_json: bool) -> None:
    """Look at everything that is stored and tell what is not as it must be; exit status 1 if anything is.

    Others may work with it meanwhile.
    """
    done = []
    with application.container(prepare=False) as container:
        for check in _checks(container):
            done.append(check)
            if not as_json:
                click.echo(f"{'ok' if check.passed else 'FAIL':6}{check.name:15}{check.detail}")
    passed = all(check.passed for check in done)
    if as_json:
        print_json({"passed": passed, "checks": [check_json(check) for check in done]})
    if not passed:
        sys.exit(EXIT_FAILED)


def _checks(container: Container) -> Iterator[Check]:
    # Settings that break a rule have ended the program before; what is left shows when they are used.
    try:
        for part in (container.report_sink, container.email_sender, container.email_writer):
            part()
    except Exception as error:  # noqa: BLE001 - a template can be wrong in many ways, and is no bug of ours
        detail = f"mails or reports cannot be sent ({type(error).__name__}: {error})"
        yield Check("configuration", passed=False, detail=detail)
    else:
        yield Check("configuration", passed=True, detail="every setting can be used")
    yield from container.run_diagnostics()()
