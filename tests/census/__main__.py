"""Print the structure of the package and compare it with its goals: ``make census``.

Exits with 1 if a goal is missed, so that a release can be held to it. A decision record may accept a higher
figure than the plan's.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from tests.census.request_path import files_of_public_post
from tests.census.structure import (
    count_lines,
    large_files,
    long_functions,
    measure_folders,
    python_files,
    tiny_files,
)
from tests.census.worked_examples import read_worked_examples

_ROOT = Path(__file__).parents[2]


@frozen
class Goal:
    """One measured figure and the highest value that is allowed.

    Attributes:
        limit: the highest value by the plan of the architecture.
        accepted: the highest value by a decision record, which ``reason`` names.
    """

    name: str
    value: int
    limit: int
    accepted: int = 0
    reason: str = ""

    @property
    def is_met(self) -> bool:
        """True if the figure is within its limit, or what was accepted instead."""
        return self.value <= max(self.limit, self.accepted)

    def __str__(self) -> str:
        verdict = "ok" if self.value <= self.limit else "MISSED"
        if verdict != "ok" and self.is_met:
            verdict = f"up to {self.accepted} accepted by {self.reason}"
        return f"{self.name:<58} {self.value:>7,} of {self.limit:>7,}  {verdict}"


def main() -> int:
    """Print folders, tiny and large files, and the goals; return the exit status."""
    goals = _goals()
    lines = [*_folder_lines(), *_file_lines(), "", "goals", *(f"  {goal}" for goal in goals)]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(not all(goal.is_met for goal in goals))


def _folder_lines() -> Iterator[str]:
    yield f"{'folder':<58} {'lines':>7} {'entries':>8} {'depth':>6}"
    for folder in measure_folders(_ROOT):
        yield f"{folder.path:<58} {folder.lines:>7,} {folder.entries:>8} {folder.depth:>6}"
    yield f"{'all, without migrations':<58} {sum(map(count_lines, python_files(_ROOT))):>7,}"


def _file_lines() -> Iterator[str]:
    for title, files in (("tiny", tiny_files(_ROOT)), ("large", large_files(_ROOT))):
        yield ""
        yield f"{title} files: {len(files)}"
        yield from (f"  {file.relative_to(_ROOT)} ({count_lines(file)} lines)" for file in files)
    functions = long_functions(_ROOT)
    yield from ("", f"long functions: {len(functions)}", *(f"  {function}" for function in functions))


def _goals() -> list[Goal]:
    folders = measure_folders(_ROOT)
    return [
        Goal("entries of the largest folder", max(folder.entries for folder in folders), 12),
        Goal("longest chain of imports within a folder", max(folder.depth for folder in folders), 5),
        Goal("files of fewer than 25 lines", len(tiny_files(_ROOT)), 15),
        Goal("files of more than 300 lines", len(large_files(_ROOT)), 0),
        Goal("functions of more than 40 lines", len(long_functions(_ROOT)), 0),
        Goal(
            "files that a warm public POST executes", len(files_of_public_post(_ROOT)), 28, 37, "decision 57"
        ),
        *(
            Goal(f"files touched: {example.title}", example.files, example.limit)
            for example in read_worked_examples(_ROOT / "CONTRIBUTING.md")
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
