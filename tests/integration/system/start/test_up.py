"""``up`` and ``web``: everything starts together, works together, and ends together."""

import os
import signal
import socket
from pathlib import Path

import pytest

from leadtracker.domain.model.reports.week import Week
from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.database import connect
from tests.support.examples.weeks import closed_weeks, within
from tests.support.instruments.polling import eventually
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program, Site
from tests.support.servers.receiver import Receiver

FORM = b"first_name=Ann&last_name=Lee&email=ann%40example.com"
NEW_LEAD = (
    b"POST /leads HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(FORM), FORM)
)
PROC = Path("/proc")
on_linux = pytest.mark.skipif(not (PROC / "self/stat").exists(), reason="finds children by way of /proc")


def children_of(pid: int) -> dict[str, int]:
    """Return the process ids of a process's children by their command."""
    found = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError):
            continue  # it has just ended
        if parent == pid and b"leadtracker" in arguments:
            after = arguments[arguments.index(b"leadtracker") + 1 :]
            command = next(argument for argument in after if not argument.startswith(b"-"))
            found[command.decode()] = int(folder.name)
    return found


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_unknown_setting_causes_one_warning(program: Program, site: Site) -> None:
    with program.with_settings(COLOUR="red").start("up", "--port", str(site.port)) as running:
        site.wait_until_ready()
        ended = running.stop(signal.SIGTERM)
    assert ended.err.count("LEADTRACKER_COLOUR is not a setting of this program.") == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_up_serves_and_stops_cleanly(program: Program, site: Site, how: signal.Signals) -> None:
    with program.start("up") as running:
        site.wait_until_ready()
        assert site.send("POST", "/leads", json=make_fields())[0] == 201
        ended = running.stop(how)
    assert ended.status == 0
    assert is_free(site.port)
    assert "Traceback" not in ended.err


@pytest.mark.usefixtures("restored_logging")
def test_scheduler_and_web_share_leads(program: Program, site: Site, raw_db: RawDatabase) -> None:
    [week] = closed_weeks(1)
    leadtracker = CommandLine(program.all_settings)
    assert leadtracker.run("migrate").status == 0
    raw_db.add_lead("ann@example.com", within(week))
    with Receiver() as retool, program.with_settings(RETOOL_URL=retool.url).start("up"):
        site.wait_until_ready()
        [request] = retool.wait_for(1)
        assert request.body == b'{"number_of_leads": 1}'
        assert request.headers["x-leadtracker-week"] == week.name
        eventually(lambda: _is_delivered(leadtracker, week), "the week delivered")


def _is_delivered(leadtracker: CommandLine, week: Week) -> bool:
    shown = leadtracker.run("report", "show", week.name, "--json")
    return shown.status == 0 and shown.json["state"] == "delivered"


@on_linux
@pytest.mark.parametrize("victim", ["web", "scheduler"])
def test_dead_child_stops_the_other(program: Program, site: Site, victim: str) -> None:
    with program.start("up") as running:
        site.wait_until_ready()
        children = children_of(running.process.pid)
        assert set(children) == {"web", "scheduler"}
        os.kill(children[victim], signal.SIGKILL)
        ended = running.wait()
    assert ended.status == 1
    assert "command ended; stopping the others" in ended.err
    eventually(lambda: is_free(site.port), "the port given back")


def test_killed_parent_leaves_no_orphan(program: Program, site: Site) -> None:
    with program.start("up") as running:
        site.wait_until_ready()
        running.stop(signal.SIGKILL)
        eventually(lambda: is_free(site.port), "the port given back")
    with program.start("up"):
        site.wait_until_ready()


@pytest.mark.parametrize("command", ["web", "up"])
def test_port_conflict_is_one_line(program: Program, site: Site, command: str) -> None:
    with socket.create_server(("127.0.0.1", site.port)):
        ended = program.with_settings(ADMIN_PASSWORD="given to the server", LOG_LEVEL="error").run(command)
    assert ended.status == 1
    errors = [line for line in ended.err.splitlines() if line.startswith("Error: ")]
    [error] = errors
    assert error.startswith(f"Error: cannot listen at 127.0.0.1 port {site.port}: Address already in use; ")
    assert "Traceback" not in ended.err


def test_open_request_finishes_before_exit(program: Program, site: Site, raw_db: RawDatabase) -> None:
    with program.start("web") as running:
        site.wait_until_ready()
        with connect(raw_db.url) as others, socket.create_connection(("127.0.0.1", site.port)) as mine:
            others.execute("BEGIN IMMEDIATE")  # makes the next lead wait
            mine.sendall(NEW_LEAD)
            assert all(site.is_ready() for _ in range(5))  # by now mine is in progress, too
            running.process.send_signal(signal.SIGTERM)
            eventually(lambda: is_free(site.port), "the port given back")
            others.execute("COMMIT")
            assert mine.recv(12) == b"HTTP/1.1 201"
        assert running.wait().status == 0
    assert raw_db.count("leads") == 1
