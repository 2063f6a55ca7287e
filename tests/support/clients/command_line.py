"""Run commands in the process of the test, which saves half a second of start per command."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from attrs import evolve, field, frozen
from click.testing import CliRunner

from leadtracker.entrypoints.cli.main import command_line
from leadtracker.entrypoints.main import RUNNERS
from leadtracker.settings import PREFIX
from tests.support.servers.processes import Finished


@frozen
class CommandLine:
    """``leadtracker`` with these settings, which are written without their prefix."""

    settings: Mapping[str, object] = field(factory=dict)

    def with_settings(self, **settings: object) -> "CommandLine":
        """Return a copy with these settings added or replaced."""
        return evolve(self, settings={**self.settings, **settings})

    def run(self, *arguments: str | Path, stdin: str | None = None, on_terminal: bool = False) -> Finished:
        r"""Run a command; re-raise an error that the command does not report.

        Line ends of its output are normalised to ``\n``. Colours are removed, unless it is as on a terminal.
        """
        environment = {PREFIX + name: str(value) for name, value in self.settings.items()}
        with _restored_signals():
            ended = CliRunner(env=environment).invoke(
                command_line,
                [str(argument) for argument in arguments],
                input=stdin,
                color=on_terminal,
                obj=RUNNERS,
            )
        if ended.exception is not None and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return Finished(ended.exit_code, ended.stdout, ended.stderr)


@contextmanager
def _restored_signals() -> Iterator[None]:
    """Restore the signal handlers that a scheduler has replaced."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
