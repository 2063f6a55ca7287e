"""The whole program with resumes outside the database: real processes, a real S3 server, real crashes."""

import multiprocessing
import os
import signal
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from leadtracker.container import Container
from leadtracker.settings import Settings
from tests.contracts.intake.file_store import LARGE
from tests.support.builders import make_resume
from tests.support.clients.command_line import CommandLine
from tests.support.clients.multipart import MULTIPART, file_part, lead_form
from tests.support.clients.raw_http import responses_to, statuses
from tests.support.http import basic
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program, Site
from tests.support.servers.s3 import S3Place

PASSWORD = "given to the server"  # noqa: S105 - it guards nothing
BASIC = basic("admin", PASSWORD)
FORM = lead_form(file_part(LARGE))
PIECES = 8


@pytest.fixture
def served(program: Program, site: Site, s3: S3Place) -> Iterator[Site]:
    """A web server with forked workers and resumes in S3."""
    settings = {**program.settings, "RESUMES_URL": s3.url, "ADMIN_PASSWORD": PASSWORD, "WEB_WORKERS": 2}
    with Program(program.folder, settings, s3.environment, is_forked=True).start("web"):
        site.wait_until_ready()
        yield site


def post(body: bytes, length: int = len(FORM)) -> bytes:
    head = f"POST /leads HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {MULTIPART}\r\n"
    return f"{head}Content-Length: {length}\r\n\r\n".encode() + body


def send_and_leave(port: int, request: bytes) -> None:
    """Send a part of a request, shut down the sending side, and wait until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection, suppress(ConnectionError):
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass


def test_large_resume_round_trips_through_s3(served: Site, raw_db: RawDatabase, s3: S3Place) -> None:
    assert statuses(responses_to(served.port, post(FORM))) == [201]
    assert list(s3.objects().values()) == [LARGE]
    [[lead_id]] = raw_db.execute("SELECT id FROM leads")
    shown = served.send("GET", f"/leads/{lead_id}/resume", BASIC)
    assert (shown[0], shown[1] == LARGE) == (200, True)


def test_truncated_upload_leaves_no_object(served: Site, raw_db: RawDatabase, s3: S3Place) -> None:
    for end in range(0, len(FORM), len(FORM) // PIECES):
        send_and_leave(served.port, post(FORM[:end]))
    assert (raw_db.count("leads"), raw_db.count("orphan_objects"), s3.objects()) == (0, 0, {})


def test_erasure_leaves_no_byte_on_disk(program: Program, site: Site, raw_db: RawDatabase) -> None:
    folder = program.folder / "resumes"
    kept = program.with_settings(RESUMES_URL=folder.as_uri(), ADMIN_PASSWORD=PASSWORD)
    text = b"osprey-in-a-resume"

    def traces() -> list[Path]:
        files = [path for path in program.folder.rglob("*") if path.is_file()]
        return [path for path in files if b"osprey" in path.read_bytes()]

    with kept.start("web") as web:
        site.wait_until_ready()
        form = lead_form(file_part(text * 1000, "osprey-name.txt"), email="osprey@example.com")
        assert statuses(responses_to(site.port, post(form, len(form)))) == [201]
        assert {path.parent.name for path in traces()} == {"resumes", "data"}
        [[lead_id]] = raw_db.execute("SELECT id FROM leads")
        assert site.send("DELETE", f"/leads/{lead_id}", BASIC)[0] == 204
        assert traces() == []
        web.stop()
    assert traces() == []


def _put_and_die(settings: Settings) -> None:
    """Run a process that is killed between storing the object and committing the lead."""
    with Container(settings=settings).file_storage().store({"resume": make_resume()}):
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.usefixtures("restored_logging")
def test_objects_of_killed_process_are_swept(tmp_path: Path) -> None:
    folder = tmp_path / "resumes"
    settings = Settings(data_dir=tmp_path / "data", resumes_url=folder.as_uri())
    scheduler = CommandLine({"DATA_DIR": settings.data_dir, "RESUMES_URL": settings.resumes_url})
    scheduler.run("migrate")
    process = multiprocessing.get_context("spawn").Process(target=_put_and_die, args=(settings,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    scheduler.run("scheduler", "--once")
    assert [path.stat().st_mode & stat.S_IRWXO for path in (folder, *folder.iterdir())] == [0, 0]
    RawDatabase(settings.database).execute("UPDATE orphan_objects SET until = '2020-01-01T00:00:00.000000Z'")
    assert scheduler.run("scheduler", "--once").status == 0
    assert list(folder.iterdir()) == []
    assert RawDatabase(settings.database).count("orphan_objects") == 0


@pytest.mark.parametrize("url", ["s3://", "file://there/folder", "gs://bucket", "file:///dev/null/resumes"])
@pytest.mark.usefixtures("restored_logging")
def test_invalid_storage_url_stops_the_start(tmp_path: Path, url: str) -> None:
    rejected = CommandLine({"DATA_DIR": tmp_path / "data", "RESUMES_URL": url}).run("web")
    assert rejected.status == 78
    assert rejected.err.startswith("Error: LEADTRACKER_RESUMES_URL: ")
    assert len(rejected.err.splitlines()) == 1
