"""Fixtures for the command line, over each kind of database."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.entrypoints.http.app import create_app
from leadtracker.settings import Settings
from tests.support.clients.command_line import CommandLine
from tests.support.examples.weeks import stable_timezone
from tests.support.http import Client
from tests.support.servers.receiver import Receiver


@pytest.fixture
def retool() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def leadtracker(
    database_url: str,
    restored_logging: None,  # noqa: ARG001 - each command sets up logging
) -> CommandLine:
    settings = {"DATABASE_URL": database_url, "TIMEZONE": stable_timezone(), "LOG_LEVEL": "warning"}
    return CommandLine(settings)


@pytest.fixture
def client(database_url: str) -> Iterator[Client]:
    """A client of the HTTP entrypoint over the same database."""
    container = Container(settings=Settings(database_url=SecretStr(database_url)))
    yield Client.of(create_app(container))
    container.dialect().close()
