"""The settings and the container for commands, and how commands print and exit."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn, TypeVar

import click
from attrs import frozen

from leadtracker.container import Container
from leadtracker.domain.model.values.timestamps import bound_of_day
from leadtracker.entrypoints.formats.as_json import dump
from leadtracker.entrypoints.logs import configure_logging
from leadtracker.settings import PREFIX, LoadedSettings, Settings, SettingsError, load_settings

CommandT = TypeVar("CommandT", bound=Callable[..., Any])

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_CONFIG = 78  # EX_CONFIG of sysexits.h


@frozen
class Runners:
    """Functions that start the other entrypoints, so that the command line does not import them."""

    serve: Callable[[Settings], None]
    schedule: Callable[[Container], None]
    schedule_once: Callable[[Container], bool]
    supervise: Callable[..., bool]
    describe_api: Callable[[], dict[str, Any]]


@frozen
class Application:
    """The settings of this process, and what commands do with them."""

    settings: Settings
    runners: Runners

    def listening_at(self, host: str | None, port: int | None) -> "Application":
        """Return the application with another address or port, which processes started from here share."""
        given = {"HOST": host, "PORT": None if port is None else str(port)}
        os.environ.update({PREFIX + name: value for name, value in given.items() if value is not None})
        return load_application(self.runners, warns=False) if any(given.values()) else self

    @contextmanager
    def container(self, *, prepare: bool = True) -> Iterator[Container]:
        """Build the container; close everything that it opened when the block ends.

        Args:
            prepare: set up an empty database first, and reject an outdated schema.
        """
        container = Container(settings=self.settings)
        container.check_dependencies()
        try:
            if prepare:
                container.schema().prepare()
            yield container
        except SettingsError as error:  # some are found only when an adapter is built
            end(str(error), EXIT_CONFIG)
        finally:
            container.shutdown_resources()
            container.dialect().close()


def load_application(runners: Runners, *, warns: bool) -> Application:
    """Read the settings and configure logging; on invalid settings, exit with one line that names them.

    Args:
        runners: start the processes that run until they are stopped.
        warns: print what is ignored in the environment and in ``.env``; once is enough for all processes.
    """
    try:
        loaded = load_settings()
    except SettingsError as error:
        end(str(error), EXIT_CONFIG)
    if warns:
        _warn(loaded)
    configure_logging(loaded.settings.log_format, loaded.settings.log_level)
    return Application(loaded.settings, runners)


def _warn(loaded: LoadedSettings) -> None:
    for name, nearest in loaded.unknown.items():
        hint = f"; did you mean {nearest}?" if nearest else "."
        say(f"Warning: {name} is not a setting of this program{hint}")
    for line in loaded.unreadable_lines:
        say(f"Warning: line {line} of .env is not NAME=value and is ignored.")


pass_application = click.make_pass_decorator(Application)


def range_option(*names: str, is_end: bool = False, help: str) -> Callable[[CommandT], CommandT]:  # noqa: A002 - as click
    """Return a decorator that adds an option for the day at which a time range begins, or ends.

    The command gets the timestamp of that bound, in the business's time zone; None without the option.
    """

    def read(context: click.Context, _parameter: click.Parameter, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            return bound_of_day(text, context.ensure_object(Application).settings.timezone, is_end=is_end)
        except ValueError:
            raise click.BadParameter("must be a day, such as 2026-11-20") from None

    return click.option(*names, metavar="DATE", callback=read, help=help)


def say(text: str) -> None:
    """Print a notice, which is not a result, on standard error."""
    click.echo(text, err=True)


def end(text: str, status: int = EXIT_FAILED) -> NoReturn:
    """Exit with one line on standard error."""
    say(f"Error: {text}")
    sys.exit(status)


def print_json(value: object) -> None:
    """Print a result as JSON."""
    click.echo(dump(value, indent=True).decode())
