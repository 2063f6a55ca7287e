"""Commands that ask for a password, in a process without a terminal."""

import subprocess
import sys

import pytest

from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program


@pytest.mark.parametrize(
    "arguments", [("user", "add", "ann", "--role", "agent"), ("user", "set-password", "ann")]
)
def test_without_a_terminal_the_command_names_the_option(
    program: Program, raw_db: RawDatabase, arguments: tuple[str, ...]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "leadtracker", *arguments],
        cwd=program.folder,
        env=program.environment,
        input=b"correct horse battery\n" * 2,
        capture_output=True,
        check=False,
        start_new_session=True,  # a new session has no terminal to open
    )
    shown = ended.stderr.decode().splitlines()
    assert ended.returncode == 2
    assert shown[-1] == (
        "Error: There is no terminal to ask for the password. Send it with the option --password-stdin."
    )
    assert "GetPassWarning" not in ended.stderr.decode()
    assert raw_db.count("users") == 0
