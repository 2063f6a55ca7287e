"""The modes of what the program creates, whatever the umask of its user."""

import os

from tests.support.servers.processes import Program


def test_created_files_are_for_their_owner_only(program: Program) -> None:
    data = program.folder / "data"
    data.mkdir(mode=0o755)  # as a volume or a package makes it
    before = os.umask(0o022)
    try:
        key = program.run("api-key", "add", "key", "--role", "admin").out.strip()
        assert key
        assert program.run("backup", "saved.zip").status == 0
        assert program.run("restore", "--force", "saved.zip").status == 0
    finally:
        os.umask(before)
    files = [path for path in (*data.rglob("*"), program.folder / "saved.zip") if path.is_file()]
    assert data / "leadtracker.db" in files
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in files} == {
        path.name: "0o0" for path in files
    }
