"""Output at the start: the first admin, and errors in settings."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.clients.command_line import CommandLine
from tests.support.database import MIGRATIONS
from tests.support.http import basic
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program, Running, Site, free_port

_FIRST_ADMIN = re.compile(r"First admin: admin\nPassword \(shown only now\): (\S{43})\n")


def test_first_admin_is_shown_once(program: Program, site: Site, raw_db: RawDatabase) -> None:
    with program.start("up") as first:
        site.wait_until_ready()
        shown = _FIRST_ADMIN.fullmatch(first.out)
        assert shown
        assert site.send("GET", "/leads", basic("admin", shown[1]))[0] == 200
        assert site.send("GET", "/leads", basic("admin", "guessed"))[0] == 401
    with program.start("up") as second:
        site.wait_until_ready()
        assert second.out == ""
        assert site.send("GET", "/leads", basic("admin", shown[1]))[0] == 200
    assert shown[1] not in first.err + second.err + raw_db.dump()


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Site]]:
    folder = tmp_path_factory.mktemp("given")
    secret = folder / "password"
    secret.write_text("from a secret file\n")
    site = Site(free_port())
    settings = {"PORT": site.port, "WEB_WORKERS": 1, "ADMIN_USERNAME": "boss"}
    with Program(folder, settings | {"ADMIN_PASSWORD_FILE": secret}).start("up") as running:
        site.wait_until_ready()
        yield running, site


def test_password_is_read_from_its_file(started: tuple[Running, Site]) -> None:
    _, site = started
    assert site.send("GET", "/leads", basic("boss", "from a secret file"))[0] == 200


def test_configured_password_is_not_shown(started: tuple[Running, Site]) -> None:
    running, _ = started
    assert running.out == ""
    assert "from a secret file" not in running.err


def test_start_logs_its_address_and_receiver(started: tuple[Running, Site]) -> None:
    running, site = started
    assert f"http://127.0.0.1:{site.port}" in running.err
    assert "set LEADTRACKER_RETOOL_URL" in running.err


@pytest.mark.parametrize("command", ["up", "scheduler"])
def test_invalid_setting_exits_with_78(program: Program, command: str) -> None:
    ended = program.with_settings(PORT="canary").run(command)
    assert (ended.status, ended.out) == (78, "")
    [line] = ended.err.splitlines()
    assert line.startswith("Error: LEADTRACKER_PORT: ")
    assert "canary" not in line


@pytest.mark.parametrize("command", ["up", "web", "scheduler"])
@pytest.mark.parametrize("is_there", [False, True], ids=["no folder", "broken template"])
@pytest.mark.usefixtures("restored_logging")
def test_invalid_template_exits_with_78(tmp_path: Path, command: str, *, is_there: bool) -> None:
    folder = tmp_path / "canary"
    expected_error = "the folder of mail templates does not exist"
    if is_there:
        (folder / "reminder").mkdir(parents=True)
        (folder / "reminder" / "text.txt").write_text("Hello\n{{ lead.")
        expected_error = "the template reminder/text.txt is broken in line 2: "
    ended = CommandLine({"DATA_DIR": tmp_path / "data", "MAIL_TEMPLATES": folder}).run(command)
    assert (ended.status, ended.out) == (78, "")
    [line] = ended.err.splitlines()
    assert line.startswith(f"Error: LEADTRACKER_MAIL_TEMPLATES: {expected_error}")
    assert "canary" not in line


def test_unknown_setting_causes_warning(program: Program) -> None:
    ended = program.with_settings(COLOUR="canary").run("config")
    assert ended.status == 0
    assert ended.err == "Warning: LEADTRACKER_COLOUR is not a setting of this program.\n"


def test_unwritable_folder_is_one_line(program: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = program.with_settings(DATA_DIR=tmp_path / "file" / "data").run("report", "list")
    assert (ended.status, ended.out) == (1, "")
    [line] = ended.err.splitlines()
    assert line.startswith("Error: the folder of the database cannot be used: ")


def test_help_needs_no_settings(program: Program) -> None:
    assert program.with_settings(PORT="canary").run("--help").status == 0


def test_usage_error_exits_with_2(program: Program) -> None:
    assert program.run("fly").status == 2


def test_concurrent_first_starts_succeed(program: Program) -> None:
    with ExitStack() as stack:
        started = [stack.enter_context(program.start("migrate")) for _ in range(3)]
        ended = [running.wait() for running in started]
    assert [one.status for one in ended] == [0] * 3
    lines = [line for one in ended for line in one.out.splitlines()]
    assert [line for line in lines if line.startswith("applied")] == [
        f"applied {name}" for name in MIGRATIONS
    ]
