"""Measure folders: lines, files, import depth, and files and functions that are too small or too large."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

PACKAGE = "leadtracker"
TINY_LINES = 25
LARGE_LINES = 300
LONG_LINES = 40
_FROZEN = "migrations"  # released schemas are never regrouped


@frozen
class Folder:
    """One folder of the package.

    Attributes:
        path: relative to the root of the repository.
        lines: of the Python files in it, without sub-folders.
        entries: how many Python files and sub-folders with code it holds, without ``__init__.py``.
        depth: how many of its entries the longest chain of imports between them has.
    """

    path: str
    lines: int
    entries: int
    depth: int


def measure_folders(root: Path) -> list[Folder]:
    """Measure every folder below the package, in alphabetical order.

    Args:
        root: the root of the repository.
    """
    folders = sorted({file.parent for file in python_files(root)})
    return [_measure(root, folder) for folder in folders]


def python_files(root: Path) -> Iterator[Path]:
    """Yield the Python files of the package, migrations excepted."""
    for file in sorted((root / PACKAGE).rglob("*.py")):
        if _FROZEN not in file.parts:
            yield file


def count_lines(file: Path) -> int:
    """Count the lines of a file, comments and blank lines included."""
    return len(file.read_text(encoding="utf-8").splitlines())


def tiny_files(root: Path) -> list[Path]:
    """Return the files of fewer than ``TINY_LINES`` lines that are not ``__init__.py``."""
    return [file for file in python_files(root) if file.stem != "__init__" and count_lines(file) < TINY_LINES]


def large_files(root: Path) -> list[Path]:
    """Return the files of more than ``LARGE_LINES`` lines."""
    return [file for file in python_files(root) if count_lines(file) > LARGE_LINES]


def long_functions(root: Path) -> list[str]:
    """Return the functions of more than ``LONG_LINES`` lines, nested ones and docstrings included."""
    return [
        f"{file.relative_to(root)}:{node.lineno} {node.name}"
        for file in python_files(root)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONG_LINES
    ]


def _measure(root: Path, folder: Path) -> Folder:
    files = [file for file in folder.glob("*.py") if file.stem != "__init__"]
    packages = [entry for entry in folder.iterdir() if any(entry.glob("*.py")) and entry.name != _FROZEN]
    imports = _imports_between(root, folder, [*files, *packages])
    return Folder(
        path=str(folder.relative_to(root)),
        lines=sum(map(count_lines, folder.glob("*.py"))),
        entries=len(files) + len(packages),
        depth=_longest_chain(imports),
    )


def _imports_between(root: Path, folder: Path, entries: list[Path]) -> dict[str, set[str]]:
    """Map each entry of a folder to the other entries that it imports."""
    prefix = ".".join(folder.relative_to(root).parts) + "."
    names = {entry.stem for entry in entries}
    found: dict[str, set[str]] = {}
    for entry in entries:
        sources = sorted(entry.rglob("*.py")) if entry.is_dir() else [entry]
        targets = {
            module.removeprefix(prefix).split(".")[0]
            for source in sources
            for module in _imports(source, prefix)
        }
        found[entry.stem] = (targets & names) - {entry.stem}
    return found


def _imports(source: Path, prefix: str) -> Iterator[str]:
    """Yield the modules below ``prefix`` that a file imports."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (module for module in modules if module.startswith(prefix))


def _longest_chain(imports: Mapping[str, set[str]]) -> int:
    """Count the entries of the longest chain of imports; a circle is counted once."""

    def depth(entry: str, above: frozenset[str]) -> int:
        below = imports[entry] - above
        return 1 + max((depth(other, above | {entry}) for other in below), default=0)

    return max((depth(entry, frozenset()) for entry in imports), default=0)
