"""A progress bar for reading a file; shown on a terminal only."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

_LINES_PER_UPDATE = 200


@contextmanager
def lines_with_progress(path: Path) -> Iterator[Iterator[str]]:
    """The lines of a text file with their line ends, while a bar tells how much of it was read.

    Bytes that are not UTF-8 become lone surrogates, which no field accepts: only their rows are rejected.
    """
    console = Console(stderr=True)
    with (
        path.open("rb") as binary,
        TextIOWrapper(binary, encoding="utf-8", errors="surrogateescape", newline="") as file,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("Reading", total=path.stat().st_size)

        def lines() -> Iterator[str]:
            for number, line in enumerate(file):
                if number % _LINES_PER_UPDATE == 0:
                    progress.update(task, completed=binary.tell())
                yield line

        yield lines()
