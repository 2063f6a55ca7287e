"""The metrics folder of a web server is exclusive; it is removed at the end, or by the next server."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leadtracker.entrypoints.metrics_folder import metrics_folder

_HOLD = """
from leadtracker.entrypoints.metrics_folder import metrics_folder
with metrics_folder() as folder:
    print(folder, flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system's temporary folder that no other program uses."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)  # read the environment again
    return tmp_path


@contextmanager
def another_server() -> Iterator[Path]:
    """The folder of another process, which is killed after the test."""
    command = [sys.executable, "-c", _HOLD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield Path(process.stdout.readline().strip())
        process.kill()


def test_folder_is_removed_with_server(temporary: Path) -> None:
    with metrics_folder() as folder:
        (folder / "counter_1.db").write_bytes(b"1")
        assert folder.stat().st_mode & 0o777 == 0o700
        assert list(temporary.iterdir()) == [folder]
    assert list(temporary.iterdir()) == []


def test_folder_of_killed_server_is_removed(temporary: Path) -> None:
    with another_server() as lives:
        with another_server() as left:
            (left / "counter_1.db").write_bytes(b"1")
        assert left.exists()
        (temporary / "leadtracker-metrics-link").symlink_to(lives)
        with metrics_folder() as own:
            kept = {path for path in temporary.iterdir() if not path.is_symlink()}
            assert kept == {lives, own}
