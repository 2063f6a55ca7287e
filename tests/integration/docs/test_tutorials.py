"""The tutorials work as they are written, in a new folder. Only the ports are replaced by free ones."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.instruments.polling import eventually
from tests.support.instruments.skips import skip_loudly
from tests.support.servers.processes import Program, Site, free_port

TUTORIALS = Path(__file__).parents[3] / "docs" / "getting-started"
_BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_RECEIVER = "python3 - <<'EOF'"


def shell_blocks(name: str, ports: dict[str, int]) -> list[str]:
    """Return the shell commands of a page, with its ports replaced."""
    text = (TUTORIALS / name).read_text(encoding="utf-8")
    for written, free in ports.items():
        text = text.replace(f"127.0.0.1:{written}", f"127.0.0.1:{free}").replace(
            f", {written})", f", {free})"
        )
    return [re.sub(f"^{indent}", "", block, flags=re.MULTILINE) for indent, block in _BLOCK.findall(text)]


@pytest.fixture
def site() -> Site:
    return Site(free_port())


@pytest.fixture
def clone(tmp_path: Path, site: Site) -> Iterator[Program]:
    """The folder of a clone in which `make up` runs."""
    program = Program(tmp_path / "clone", {"PORT": site.port, "WEB_WORKERS": 1, "DATA_DIR": "data"})
    command = program.folder / ".venv" / "bin" / "leadtracker"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m leadtracker "$@"\n')
    command.chmod(0o755)
    with program.start("up"):
        site.wait_until_ready()
        yield program


def run_blocks(clone: Program, blocks: list[str]) -> str:
    """Type the blocks into one shell; the first command that fails ends it."""
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],  # noqa: S607 - the shell of the reader
        cwd=clone.folder,
        env=clone.environment | {"HOME": str(clone.folder.parent), "LEADTRACKER_LOG_LEVEL": "warning"},
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@contextmanager
def running(clone: Program, block: str) -> Iterator[Path]:
    """Run a block in another terminal; yield the file with its output."""
    output = clone.folder.parent / "receiver.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(["bash", "-c", f"exec {block}"], stdout=file)  # noqa: S607 - as above
    try:
        yield output
    finally:
        process.kill()
        process.wait()


def files_of(clone: Program) -> set[str]:
    """The files in the clone, without data and what the test itself needs."""
    own = {".venv", "data"}
    return {
        path.name
        for path in clone.folder.iterdir()
        if path.name not in own and path.suffix not in {".out", ".err"}
    }


def test_api_tutorial_works_as_written(clone: Program, site: Site) -> None:
    if shutil.which("curl") is None:
        skip_loudly("curl is not installed: apt install curl")
    receiver_port = free_port()
    blocks = shell_blocks("api-tutorial.md", {"8000": site.port, "9000": receiver_port})
    [receiver] = [block for block in blocks if block.startswith(_RECEIVER)]
    blocks.remove(receiver)
    with running(clone, receiver) as received:
        eventually(lambda: _accepts(receiver_port), "the receiver")
        shown = run_blocks(clone, blocks)
        eventually(lambda: '{"number_of_leads": 1}' in received.read_text(), "the weekly number")
    assert shown.count("HTTP/1.1 201") == 3
    assert shown.count("HTTP/1.1 422") == 1
    assert '"created":1' in shown.replace(" ", "")
    assert "3 leads" in shown
    assert files_of(clone) == set()


def _accepts(port: int) -> bool:
    """Return whether something listens at the port; any answer will do."""
    try:
        return Site(port).send("GET", "/")[0] > 0
    except OSError:
        return False


def test_first_lead_works_as_written(clone: Program, site: Site) -> None:
    fields = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"}
    assert site.send("POST", "/leads", json=fields)[0] == 201
    shown = run_blocks(clone, shell_blocks("first-lead.md", {"8000": site.port}))
    assert "1 lead" in shown
    assert (clone.folder.parent / "leads.backup").stat().st_size > 0
    eventually(lambda: len(list((clone.folder / "data" / "mail").glob("*.eml"))) == 1, "the acknowledgement")
    assert files_of(clone) == set()
