"""Read the worked examples of CONTRIBUTING: which files a typical change touches.

Each example is a heading ``### Worked example: TITLE (at most N files)`` and the ``git diff --stat`` of the
change in a fenced block. Not counted are migrations and tests, which every change needs, and what ``make
references`` writes; all files are, if the heading says ``N files with tests and references``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

_HEADING = re.compile(
    r"^### Worked example: (?P<title>.+) "
    r"\(at most (?P<limit>\d+) files(?P<counts_all> with tests and references)?\)$",
    re.MULTILINE,
)
_FILE = re.compile(r"^ (?P<path>\S+)\s+\|", re.MULTILINE)
_NOT_COUNTED = (".env.example", "docs/reference/", "leadtracker/adapters/database/migrations/", "tests/")


@frozen
class WorkedExample:
    """A typical change.

    Attributes:
        title: a short description of the change.
        files: how many files it touches, as far as they are counted.
        limit: how many it may touch.
    """

    title: str
    files: int
    limit: int


def read_worked_examples(document: Path) -> Iterator[WorkedExample]:
    """Yield the examples in their order in the document."""
    text = document.read_text(encoding="utf-8")
    for heading in _HEADING.finditer(text):
        block = text[heading.end() :].split("```", 2)[1]
        paths = [match["path"] for match in _FILE.finditer(block)]
        counted = [path for path in paths if heading["counts_all"] or not path.startswith(_NOT_COUNTED)]
        yield WorkedExample(heading["title"], len(counted), int(heading["limit"]))
