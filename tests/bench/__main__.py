"""``python -m tests.bench``: measure everything, print a table of ratios, fail if a response was wrong."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from attrs import evolve, frozen

from tests.bench.measurements.batches import measure_delivery, measure_import, measure_start_and_memory
from tests.bench.measurements.durability import measure_concurrency, measure_kills
from tests.bench.measurements.posting import (
    Scale,
    measure_answers,
    measure_assignment,
    measure_postgresql,
    measure_posts,
    measure_smtp_timeout,
)
from tests.bench.measurements.reading import (
    Seeded,
    measure_export,
    measure_pages,
    measure_search_and_statistics,
    measure_week,
)
from tests.bench.measurements.scaling import measure_scaling
from tests.bench.measurements.searching import measure_search
from tests.bench.results import Results
from tests.bench.targets.postgres import durable_postgres


@frozen
class Size:
    """The amounts of data and the durations of the measurements."""

    scale: Scale
    few: int
    many: int
    imported: int
    mails: int
    concurrency_seconds: float
    kills: int


FULL = Size(
    Scale(7, 3), few=10_000, many=1_000_000, imported=20_000, mails=3_000, concurrency_seconds=60, kills=5
)
SMOKE = Size(Scale(1, 0.3), few=200, many=400, imported=200, mails=20, concurrency_seconds=1, kills=1)


def run(size: Size, results: Results, folder: Path, only: str = "") -> None:
    """Run every measurement whose name contains ``only``, each in a separate folder."""

    def read(directory: Path) -> None:
        few, many = (Seeded.make(directory, number) for number in (size.few, size.many))
        measure_pages(results, few, many, size.scale)
        measure_search_and_statistics(results, many, size.scale)
        measure_week(results, many, size.scale)
        measure_export(results, many)

    def postgresql(directory: Path) -> None:
        with durable_postgres() as url:
            measure_postgresql(results, directory, size.scale, url)

    parts: dict[str, Callable[[Path], None]] = {
        "start": lambda directory: measure_start_and_memory(results, directory, size.scale),
        "posts": lambda directory: measure_posts(results, directory, size.scale),
        "answers": lambda directory: measure_answers(results, directory, size.scale),
        "assignment": lambda directory: measure_assignment(results, directory, size.scale),
        "postgresql": postgresql,
        "smtp_timeout": lambda directory: measure_smtp_timeout(results, directory, size.scale),
        "mails": lambda directory: measure_delivery(results, directory, size.mails),
        "import": lambda directory: measure_import(results, directory, size.scale, size.imported),
        "reading": read,
        "scaling": lambda directory: measure_scaling(
            results, directory, (size.few, size.many), size.scale.rounds
        ),
        "search": lambda directory: measure_search(results, directory, size.many, size.scale),
        "concurrency": lambda directory: measure_concurrency(results, directory, size.concurrency_seconds),
        "kills": lambda directory: measure_kills(results, directory, size.kills),
    }
    chosen = {name: measure for name, measure in parts.items() if only in name}
    if not chosen:
        sys.exit(f"Nothing has {only!r} in its name; there are {', '.join(parts)}.")
    for name, measure in chosen.items():
        directory = folder / name
        directory.mkdir()
        measure(directory)


def main() -> None:
    """Parse the arguments and run the measurements."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", default="", help="measure only what has this in its name")
    parser.add_argument("--smoke", action="store_true", help="a few seconds, to see that it works")
    parser.add_argument("--leads", type=int, help=f"read among so many; {FULL.many:,} by default")
    parser.add_argument("--rounds", type=int, help=f"rounds to alternate; {FULL.scale.rounds} by default")
    parser.add_argument("--folder", type=Path, help="where to make databases; else in a temporary folder")
    parser.add_argument("--json", type=Path, help="write the results there, too")
    arguments = parser.parse_args()
    size = SMOKE if arguments.smoke else FULL
    many = arguments.leads or size.many
    scale = Scale(arguments.rounds or size.scale.rounds, size.scale.seconds)
    results = Results(lambda text: print(text, file=sys.stderr, flush=True))  # noqa: T201 - a command's output
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix="leadtracker-bench-") as folder:
        run(evolve(size, many=many, scale=scale), results, Path(folder), arguments.only)
    results.print_table()
    if arguments.json:
        arguments.json.write_bytes(results.json())


if __name__ == "__main__":
    main()
