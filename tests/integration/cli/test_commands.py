"""Common to all commands: help, usage errors, ``config`` and ``openapi``."""

from collections.abc import Iterator

import click
import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from leadtracker.entrypoints.cli.main import command_line
from leadtracker.entrypoints.http.docs.document import openapi_document
from leadtracker.settings import PREFIX, Settings
from tests.support.clients.command_line import CommandLine
from tests.support.database import on_sqlite


def commands(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, *path, name)


EVERY_COMMAND = list(commands(command_line))

WITHOUT_ARGUMENTS = [("up",), ("web",), ("scheduler",), ("migrate",), ("report", "send"), ("config",)]


@on_sqlite
@pytest.mark.parametrize("path", EVERY_COMMAND, ids=" ".join)
def test_every_command_has_help(leadtracker: CommandLine, path: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        helped = leadtracker.run(*path, option)
        assert helped.status == 0
        usage, _, explanation, *_ = helped.out.splitlines()
        assert usage.startswith("Usage: ")
        assert explanation.strip()
        assert "..." not in helped.out.partition("Commands:")[2]  # a text that was cut


@pytest.mark.parametrize("path", EVERY_COMMAND, ids=" ".join)
def test_every_option_has_help(path: tuple[str, ...]) -> None:
    command: click.Command = command_line
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    options = [option for option in command.params if isinstance(option, click.Option)]
    silent = [option.name for option in options if not option.help and not option.hidden]
    assert set(silent) <= {"file_format"}  # whose choices say it all


@on_sqlite
@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["report", "fly"],
        ["up", "--fly"],
        ["report", "show"],
        ["user", "add", "ann"],
        ["user", "add", "ann", "--role", "king"],
        ["api-key", "add", "--role", "viewer"],
        ["leads", "import"],
        ["scheduler", "once"],
    ],
    ids=" ".join,
)
def test_usage_error_exits_with_2(leadtracker: CommandLine, arguments: list[str]) -> None:
    rejected = leadtracker.run(*arguments)
    assert (rejected.status, rejected.out) == (2, "")
    assert "Error: " in rejected.err


@on_sqlite
@pytest.mark.parametrize("path", WITHOUT_ARGUMENTS, ids=" ".join)
def test_invalid_setting_stops_every_command(leadtracker: CommandLine, path: tuple[str, ...]) -> None:
    rejected = leadtracker.with_settings(PORT="canary").run(*path)
    assert (rejected.status, rejected.out) == (78, "")
    assert rejected.err.startswith("Error: LEADTRACKER_PORT: ")


@on_sqlite
def test_version_is_printed(leadtracker: CommandLine) -> None:
    assert leadtracker.run("--version").out.startswith("leadtracker ")


@on_sqlite
def test_openapi_document_is_printed(leadtracker: CommandLine) -> None:
    printed = leadtracker.run("openapi").json
    assert printed == orjson.loads(orjson.dumps(openapi_document()))
    OpenAPIV31SpecValidator(printed).validate()


SECRETS = {
    "DATABASE_URL": "postgresql://leadtracker:canary-1@db.example.com:5432/leads",
    "RETOOL_URL": "https://api.example.com/trigger?workflowApiKey=canary-2",
    "RETOOL_API_KEY": "canary-3",
    "ADMIN_PASSWORD": "canary-4-of-many",
}


@on_sqlite
def test_settings_are_printed_without_secrets(leadtracker: CommandLine) -> None:
    secretive = leadtracker.with_settings(**SECRETS, PORT=8123)
    as_text, as_json = secretive.run("config"), secretive.run("config", "--json")
    assert "canary" not in as_text.out + as_text.err + as_json.out + as_json.err
    shown = as_json.json
    assert list(shown) == [PREFIX + name.upper() for name in Settings.model_fields]
    assert shown["LEADTRACKER_PORT"] == 8123
    assert shown["LEADTRACKER_DATABASE_URL"] == "postgresql://leadtracker:***@db.example.com:5432/leads"
    assert shown["LEADTRACKER_RETOOL_API_KEY"] == shown["LEADTRACKER_RETOOL_URL"] == "***"
    lines = [line.partition("  # ") for line in as_text.out.splitlines()]
    assert [line for line, _, _ in lines] == [
        f"{name}={'' if value is None else value}" for name, value in shown.items()
    ]
    origins = {line.partition("=")[0]: origin for line, _, origin in lines}
    assert origins["LEADTRACKER_PORT"] == "environment"
    assert origins["LEADTRACKER_HOST"] == "default"
