"""The vocabulary of the code: no name or phrase of the glossary's column "instead of" is used."""

import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from fnmatch import translate
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
EXEMPT = {"CHANGELOG.md", "docs/glossary.md", "tests/unit/test_glossary.py"}
FOLDERS = (".ci", ".github", "deploy", "docs", "leadtracker", "tests", "tools")
ROOT_FILES = (
    "*.md",
    "*.toml",
    "Makefile",
    "Dockerfile",
    "Procfile",
    ".env.example",
    ".editorconfig",
    ".*ignore",
)
PROSE = {".py", ".md", ".html", ".css", ".js", ".txt", ".toml", ".example", ""}
NOT_OURS = ("LICENSE", "htmx", "requirements/", "tests/golden/")
SYSTEM_USER = '"nobody"'  # as a whole string it is a name of the operating system, and no prose


@cache
def replaced() -> list[str]:
    """The cells of the column "instead of"."""
    rows = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return [cell[2] for cell in cells if len(cell) == 3 and cell[2] != "instead of"]


def replaced_names() -> list[str]:
    return [name for cell in replaced() for name in re.findall(r"`([^`]+)`", cell)]


def replaced_phrases() -> list[str]:
    return [phrase for cell in replaced() for phrase in re.findall(r"“([^”]+)”", cell)]


@cache
def sources() -> list[Path]:
    """The files of the project, wherever it was unpacked; what runs and tools leave behind is elsewhere."""
    paths = [path for pattern in ROOT_FILES for path in ROOT.glob(pattern)]
    paths += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    names = [name for name in names if name not in EXEMPT and not any(part in name for part in NOT_OURS)]
    return [path for path in map(ROOT.joinpath, names) if path.suffix in PROSE and path.is_file()]


def words_of_identifier(identifier: str) -> set[str]:
    """The words of the identifier in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", identifier)}


class ReplacedNames:
    """The names and patterns of the glossary, prepared to be compared with many identifiers."""

    def __init__(self, patterns: Sequence[str]) -> None:
        words = re.compile(r"\*(\w+)\*")
        self._words = {match[1] for pattern in patterns if (match := words.fullmatch(pattern))}
        self._whole = re.compile(
            "|".join(translate(one) for one in patterns if not words.fullmatch(one)) or "(?!)"
        )

    def include(self, identifier: str) -> bool:
        return bool(self._whole.match(identifier) or self._words & words_of_identifier(identifier))


def identifiers(code: str) -> Iterator[tuple[int, str]]:
    """The identifiers of a Python module, each with its line number."""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.NAME:
            yield token.start[0], token.string


def test_no_identifier_uses_a_replaced_name() -> None:
    include = cache(ReplacedNames(replaced_names()).include)
    found: list[str] = []
    for path in sources():
        code = path.read_text(encoding="utf-8") if path.suffix == ".py" else ""
        if any(map(include, set(re.findall(r"[^\W\d]\w*", code)))):  # tokenizing every module is slow
            found += [
                f"{path.relative_to(ROOT)}:{line}: {name}"
                for line, name in identifiers(code)
                if include(name)
            ]
    assert found == []


def test_no_file_name_uses_a_replaced_name() -> None:
    names = ReplacedNames(replaced_names())
    assert [str(path.relative_to(ROOT)) for path in sources() if names.include(path.stem)] == []


def test_no_prose_uses_replaced_phrase() -> None:
    phrases = [phrase.lower() for phrase in replaced_phrases()]
    whole_words = re.compile(r"\b(" + "|".join(map(re.escape, phrases)) + r")\b")
    found: list[str] = []
    for path in sources():
        text = path.read_text(encoding="utf-8").replace(SYSTEM_USER, "").lower()
        if any(phrase in text for phrase in phrases):  # matching whole words in every file is slow
            where = path.relative_to(ROOT)
            for number, line in enumerate(text.splitlines(), 1):
                found += [f"{where}:{number}: {match[0]}" for match in whole_words.finditer(line)]
    assert found == []


def test_no_docstring_opens_with_clause() -> None:
    """A docstring begins with a verb or a noun that names what it describes."""
    opening = re.compile(r'"""(What|Whether|That of)\b')
    found = []
    for path in sources():
        code = path.read_text(encoding="utf-8") if path.suffix == ".py" else ""
        for match in opening.finditer(code):
            line = code.count("\n", 0, match.start()) + 1
            found.append(f"{path.relative_to(ROOT)}:{line}: {match[1]}")
    assert found == []


@pytest.mark.parametrize(
    ("identifier", "pattern", "expected"),
    [
        ("LeadDesk", "*desk*", True),
        ("desk_pages", "*desk*", True),
        ("desktop", "*desk*", False),
        ("MOST_LISTED", "MOST_*", True),
        ("Session", "Session", True),
        ("LoginSession", "Session", False),
    ],
)
def test_replaced_names_match_whole_words(identifier: str, pattern: str, *, expected: bool) -> None:
    assert ReplacedNames([pattern]).include(identifier) is expected


def test_the_glossary_replaces_names_and_phrases() -> None:
    assert len(replaced_names()) > 80
    assert len(replaced_phrases()) > 15
