"""Plant bugs: replace a part of the program here, or in the processes that a campaign starts."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

from tests.support.servers import processes


@contextmanager
def replaced(owner: Any, **parts: Any) -> Iterator[None]:
    """Replace attributes of a class or module in this process during the block."""
    kept = {name: getattr(owner, name) for name in parts}
    for name, part in parts.items():
        setattr(owner, name, part)
    try:
        yield
    finally:
        for name, part in kept.items():
            setattr(owner, name, part)


def in_processes(code: str) -> Callable[[], AbstractContextManager[None]]:
    """Return a block in which every process of the program executes some code before it starts."""

    @contextmanager
    def plant() -> Iterator[None]:
        with tempfile.TemporaryDirectory(prefix="planted-") as folder:
            # Python imports this module at its start if it is found.
            (Path(folder) / "sitecustomize.py").write_text(dedent(code))
            path = os.pathsep.join([folder, processes._CODE])  # noqa: SLF001 - of tests
            with replaced(processes, _CODE=path), _search_path(path):
                yield

    return plant


@contextmanager
def _search_path(path: str) -> Iterator[None]:
    """Let processes that inherit the environment find modules there first."""
    name = "PYTHONPATH"
    before = os.environ.get(name)
    os.environ[name] = path if before is None else os.pathsep.join([path, before])
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
