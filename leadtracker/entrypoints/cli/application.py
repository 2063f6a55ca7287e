"""What commands work with: the settings, and the container when it is needed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click
import orjson
from attrs import frozen

from leadtracker.container import Container
from leadtracker.entrypoints.logs import configure_logging
from leadtracker.settings import Settings, SettingsError, load_settings

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_CONFIG = 78  # EX_CONFIG of sysexits.h


@frozen
class Runners:
    """The other entrypoints, which know nothing of the command line, nor it of them."""

    serve: Callable[[str, int, int], None]
    schedule: Callable[[Container], None]
    schedule_once: Callable[[Container], bool]
    supervise: Callable[..., bool]
    describe_api: Callable[[], dict[str, Any]]


@frozen
class Application:
    """The program as the operator called it."""

    settings: Settings
    runners: Runners

    @contextmanager
    def container(self, *, prepare: bool = True) -> Iterator[Container]:
        """The container; everything it opened is closed at the end.

        Args:
            prepare: whether to set up an empty database first, and to refuse an outdated one.
        """
        container = Container(settings=self.settings)
        container.check_dependencies()
        try:
            if prepare:
                container.schema().prepare()
            yield container
        except SettingsError as error:  # such as can be found out only when something is built from it
            end(str(error), EXIT_CONFIG)
        finally:
            container.shutdown_resources()
            container.dialect().close()


def load_application(runners: Runners) -> Application:
    """Read the settings and set up logging, or end the program with one line that says what is wrong."""
    try:
        loaded = load_settings()
    except SettingsError as error:
        end(str(error), EXIT_CONFIG)
    for name in loaded.unknown:
        say(f"Warning: {name} is not a setting of this program.")
    configure_logging(loaded.settings.log_format, loaded.settings.log_level)
    return Application(loaded.settings, runners)


pass_application = click.make_pass_decorator(Application)


def say(text: str) -> None:
    """Tell the operator something that is not a result, on standard error."""
    click.echo(text, err=True)


def end(text: str, status: int = EXIT_FAILED) -> NoReturn:
    """End the program with one line on standard error."""
    say(f"Error: {text}")
    sys.exit(status)


def print_json(value: object) -> None:
    """Print a result as JSON."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
