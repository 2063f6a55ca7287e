"""The progress bar of an import: on a terminal only, and never among the results."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.support.examples.lead_csv import lead_csv_chunks
from tests.support.servers.processes import Program


def write_leads(path: Path) -> Path:
    path.write_bytes(b"".join(lead_csv_chunks(range(300))))
    return path


def test_import_shows_progress_on_a_terminal(program: Program, tmp_path: Path) -> None:
    file = write_leads(tmp_path / "people.csv")
    terminal, standard_error = pty.openpty()
    ended = subprocess.run(
        [sys.executable, "-m", "leadtracker", "leads", "import", str(file)],
        cwd=tmp_path,
        env=program.environment | {"TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=standard_error,
        check=True,
    )
    os.close(standard_error)
    shown = os.read(terminal, 65_536).decode()
    os.close(terminal)
    assert "Reading" in shown
    assert "100%" in shown
    assert ended.stdout == b"created=300 duplicates=0 rejected=0\n"


def test_import_shows_no_progress_in_a_file(program: Program, tmp_path: Path) -> None:
    ended = program.run("leads", "import", str(write_leads(tmp_path / "people.csv")))
    assert (ended.status, ended.out) == (0, "created=300 duplicates=0 rejected=0\n")
    assert "Reading" not in ended.err
