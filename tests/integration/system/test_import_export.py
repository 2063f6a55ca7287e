"""Import and export of many leads on the real server: streamed, with constant memory."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.builders import make_fields
from tests.support.clients.raw_http import responses_to, statuses
from tests.support.examples.lead_csv import HEADER, lead_csv_chunks
from tests.support.http import basic
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program, Running, Site

FEW, MANY = 3_000, 9_000
MEGABYTE = 1024 * 1024
PASSWORD = "given to the server"  # noqa: S105 - guards nothing
TIMEOUT_SECONDS = 0.2
MORE_THAN_THERE_ARE_THREADS = 30
PROC = Path("/proc")
on_linux = pytest.mark.skipif(not (PROC / "self/status").exists(), reason="finds memory by way of /proc")


@pytest.fixture
def running(program: Program, site: Site) -> Iterator[Running]:
    with program.with_settings(ADMIN_PASSWORD=PASSWORD, LOG_LEVEL="info").start("web") as running:
        site.wait_until_ready()
        yield running


@pytest.fixture
def admin(running: Running, site: Site) -> Iterator[httpx.Client]:  # noqa: ARG001 - must run
    credentials = basic("admin", PASSWORD)
    with httpx.Client(base_url=f"http://127.0.0.1:{site.port}", headers=credentials, timeout=120) as client:
        yield client


def bring_in(admin: httpx.Client, numbers: range) -> dict[str, Any]:
    """Import people in chunks; return the response."""
    answered = admin.post(
        "/leads/import", content=lead_csv_chunks(numbers), headers={"Content-Type": "text/csv"}
    )
    assert answered.status_code == 200
    response: dict[str, Any] = answered.json()
    return response


def lines_out(admin: httpx.Client, export_format: str) -> int:
    """Count the lines of an export without holding it in memory."""
    with admin.stream("GET", "/leads/export", params={"format": export_format}) as exported:
        assert exported.status_code == 200
        assert exported.headers["Transfer-Encoding"] == "chunked"
        return sum(piece.count(b"\n") for piece in exported.iter_bytes())


def memory_of_children(pid: int) -> int:
    """Return the resident bytes of a process's children."""
    children = [status for status in map(status_of, PROC.glob("[0-9]*")) if f"\nPPid:\t{pid}\n" in status]
    sizes = [re.search(r"VmRSS:\s+(\d+) kB", status) for status in children]
    return sum(int(size[1]) * 1024 for size in sizes if size)


def status_of(folder: Path) -> str:
    """Return the status of a process, or nothing if it has ended since it was found, as any other may."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return (folder / "status").read_text()
    return ""


@on_linux
def test_memory_is_independent_of_lead_count(
    running: Running, admin: httpx.Client, raw_db: RawDatabase
) -> None:
    result = bring_in(admin, range(FEW))
    assert (result["created"], result["duplicates"], result["rejected"]) == (FEW, [], [])
    with ThreadPoolExecutor(MORE_THAN_THERE_ARE_THREADS) as clients:
        # Every thread of the server fills the 2 MB of pages that its connection keeps.
        for lines in clients.map(partial(lines_out, admin), ["ndjson"] * MORE_THAN_THERE_ARE_THREADS):
            assert lines == FEW
    assert lines_out(admin, "csv") == 1 + 2 * FEW
    before = memory_of_children(running.process.pid)
    result = bring_in(admin, range(FEW - 100, MANY))
    assert (result["created"], len(result["duplicates"])) == (MANY - FEW, 100)
    assert lines_out(admin, "csv") == 1 + 2 * MANY
    assert lines_out(admin, "ndjson") == MANY
    grown = memory_of_children(running.process.pid) - before
    # The leads would be more.
    assert grown < 8 * MEGABYTE
    assert raw_db.count("leads") == MANY


def test_aborted_export_leaves_nothing(
    running: Running, admin: httpx.Client, site: Site, raw_db: RawDatabase
) -> None:
    bring_in(admin, range(FEW))
    for _ in range(MORE_THAN_THERE_ARE_THREADS):
        with admin.stream("GET", "/leads/export") as exported:
            next(exported.iter_raw())
    assert lines_out(admin, "ndjson") == FEW
    assert site.send("POST", "/leads", json=make_fields("late@example.com"))[0] == 201
    assert raw_db.count("leads") == FEW + 1
    assert '"level": "error"' not in running.err


def upload(headers: bytes, body: bytes) -> bytes:
    credentials = basic("admin", PASSWORD)["Authorization"].encode()
    head = b"POST /leads/import HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nAuthorization: %b\r\n%b\r\n"
    return head % (credentials, headers) + body


@pytest.mark.parametrize("in_chunks", [True, False])
@pytest.mark.usefixtures("running")
def test_cut_import_stores_nothing(site: Site, raw_db: RawDatabase, *, in_chunks: bool) -> None:
    file = HEADER + b"".join(b"Ann,Lee,p%d@example.com,,,,,\n" % number for number in range(1_200))
    cut = file[:-20]
    if in_chunks:
        request = upload(b"Transfer-Encoding: chunked\r\n", b"%x\r\n%b" % (len(file), cut))
    else:
        request = upload(b"Content-Length: %d\r\n" % len(file), cut)
    answered = responses_to(site.port, request, timeout=TIMEOUT_SECONDS)
    assert statuses(answered) == [400]
    assert raw_db.count("leads") == 0


@pytest.mark.usefixtures("running")
def test_permission_is_checked_before_the_body(site: Site, raw_db: RawDatabase) -> None:
    waiting = b"Content-Length: 100000000\r\nExpect: 100-continue\r\nX-API-Key: lt_wrong\r\n"
    answered = responses_to(site.port, upload(waiting, b""), timeout=TIMEOUT_SECONDS)
    assert statuses(answered) == [401]
    assert raw_db.count("leads") == 0
