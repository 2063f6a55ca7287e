"""The command line: every command with its arguments and options, from click."""

from collections.abc import Iterator

import click

from leadtracker.entrypoints.cli.main import command_line
from tools.references.markdown import code, sentence, table

_LONG_HELP = "--help"


def commands() -> str:
    """Return a section for each command, in the order in which the commands are registered."""
    return "\n".join(
        _section(command, ("leadtracker", name), level=2) for name, command in command_line.commands.items()
    )


def _section(command: click.Command, path: tuple[str, ...], level: int) -> str:
    heading = f"{'#' * level} `{' '.join(path)}`\n\n{_help(command)}\n"
    if isinstance(command, click.Group):
        parts = [
            _section(one, (*path, name), level + 1)
            for name, one in command.commands.items()
            if not one.hidden
        ]
        return "\n".join([heading, *parts])
    # A command keeps the help option that it has made first, so that it must be the one of the program.
    context = click.Context(command, info_name=" ".join(path), **command_line.context_settings)
    rows = list(_rows(command, context))
    pieces = [piece for piece in command.collect_usage_pieces(context) if rows or piece != "[OPTIONS]"]
    usage = " ".join((*path, *pieces))
    options = f"\n{table(('option', 'meaning'), rows)}" if rows else ""
    return f"{heading}\n```sh\n{usage}\n```\n{options}"


def _help(command: click.Command) -> str:
    paragraphs = (command.help or "").replace("\b\n", "").split("\n\n")
    return "\n\n".join(sentence(paragraph) for paragraph in paragraphs)


def _rows(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record and isinstance(parameter, click.Option) and _LONG_HELP not in parameter.opts:
            names, meaning = record
            yield code(names), sentence(meaning)
