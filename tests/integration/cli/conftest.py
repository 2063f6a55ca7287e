"""The commands, run within the test's own process: as when typed, but without half a second's start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import field, frozen
from click.testing import CliRunner

from leadtracker.container import Container
from leadtracker.entrypoints.cli.application import Doors
from leadtracker.entrypoints.cli.main import command_line
from leadtracker.entrypoints.http.app import create_app
from leadtracker.entrypoints.http.openapi.document import openapi_document
from leadtracker.entrypoints.scheduler.loop import run_forever, run_once
from leadtracker.entrypoints.server import serve
from leadtracker.entrypoints.supervisor import supervise
from leadtracker.settings import load_settings
from tests.support.http import Client
from tests.support.processes import Finished
from tests.support.receiver import Receiver
from tests.support.weeks import quiet_zone

DOORS = Doors(
    serve=serve,
    schedule=run_forever,
    schedule_once=run_once,
    supervise=supervise,
    describe_api=openapi_document,
)


@frozen
class CommandLine:
    """``leadtracker``, as one types it."""

    _runner: CliRunner = field(factory=CliRunner, init=False)

    def run(self, *arguments: str | Path, stdin: str | None = None) -> Finished:
        """Run a command; an error that it does not tell by itself is raised."""
        ended = self._runner.invoke(command_line, [str(a) for a in arguments], input=stdin, obj=DOORS)
        if ended.exception is not None and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return Finished(ended.exit_code, ended.stdout, ended.stderr)


@pytest.fixture
def retool() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def leadtracker(
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    restored_logging: None,  # noqa: ARG001 - each command sets up logging
) -> CommandLine:
    monkeypatch.setenv("LEADTRACKER_DATABASE_URL", database_url)
    monkeypatch.setenv("LEADTRACKER_TIMEZONE", quiet_zone())
    monkeypatch.setenv("LEADTRACKER_LOG_LEVEL", "warning")
    return CommandLine()


@pytest.fixture
def client(leadtracker: CommandLine) -> Iterator[Client]:  # noqa: ARG001 - it sets the settings
    """A client of the HTTP door over the same database."""
    container = Container(settings=load_settings().settings)
    yield Client.of(create_app(container))
    container.dialect().close()
