"""A progress bar for reading a file; shown on a terminal only."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def opened_with_progress(path: Path) -> Iterator[BinaryIO]:
    """The file, opened for reading, while a bar tells how much of it was read."""
    from rich.console import Console  # noqa: PLC0415 - takes a while to import, and few commands need it
    from rich.progress import Progress  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    with (
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
        progress.open(path, "rb", description="Reading") as file,
    ):
        yield file
