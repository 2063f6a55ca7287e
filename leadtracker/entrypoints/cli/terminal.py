"""Results and prompts on a terminal: tables, colours that ``click.echo`` drops elsewhere, passwords."""

import sys
import warnings
from collections.abc import Iterable, Sequence
from getpass import GetPassWarning

import click

from leadtracker.entrypoints.cli.application import EXIT_USAGE, end, say

_GAP = "  "
_NO_TERMINAL = "There is no terminal to ask for the password. Send it with the option --password-stdin."
_COLOURS = {
    **dict.fromkeys(("delivered", "sent", "enabled", "active", "ok", "applied"), "green"),
    **dict.fromkeys(("failed", "FAIL", "rejected", "refused", "disabled", "revoked", "missed"), "red"),
    **dict.fromkeys(
        ("retry", "unknown", "not_sent", "sending", "cancelled", "not applied", "WARN"), "yellow"
    ),
}


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """Print a table with a header; the last column may be of any length.

    Args:
        heads: the header of each column.
        rows: the cells; None and empty texts are shown as a dash.
        empty: a sentence on standard error instead, if there are no rows.
    """
    lines = [[_text(cell) for cell in row] for row in rows]
    if not lines:
        say(empty)
        return
    widths = [max(len(line[column]) for line in (heads, *lines)) for column in range(len(heads))]
    click.secho(_line(heads, widths, is_head=True), bold=True)
    for line in lines:
        click.echo(_line(line, widths))


def coloured(word: str) -> str:
    """Return a word in the colour of its meaning: red for failures, green for success."""
    colour = _COLOURS.get(word)
    return click.style(word, fg=colour) if colour else word


def number_of(count: int, singular: str) -> str:
    """Return a number with its noun, such as ``1 lead`` or ``2 leads``."""
    return f"{count:,} {singular}{'' if count == 1 else 's'}"


def read_password(*, from_stdin: bool) -> str:
    """Read one line of standard input, or ask for a password twice; exit if no terminal can hide it."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error", GetPassWarning)
        try:
            return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
        except GetPassWarning:
            end(_NO_TERMINAL, EXIT_USAGE)


def _line(cells: Sequence[str], widths: Sequence[int], *, is_head: bool = False) -> str:
    # The width counts the text: codes of colours take no space on the terminal.
    *others, last = cells
    padded = [_padded(cell, width, is_head=is_head) for cell, width in zip(others, widths, strict=False)]
    return _GAP.join([*padded, last if is_head else coloured(last)])


def _padded(cell: str, width: int, *, is_head: bool) -> str:
    return (cell if is_head else coloured(cell)) + " " * (width - len(cell))


def _text(cell: object) -> str:
    return "-" if cell is None or cell == "" else str(cell)
