"""Uploads of every size: allowed files are stored unchanged, others are rejected at little cost."""

import select
import socket
from contextlib import suppress

import orjson

from tests.contracts.intake.file_store import LARGE
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import WebServer, memory, reset_peaks, running_web
from tests.support.clients.multipart import MULTIPART, file_part, lead_form, upload
from tests.support.clients.raw_http import statuses
from tests.support.examples.sample_files import HTML, PDF, zip_bomb

_MEBIBYTE = 1024 * 1024
_MAX_MEBIBYTES = 50
_POLL_SECONDS = 0.01


def run(sandbox: Sandbox) -> None:
    """Send an oversized, a huge, a mislabelled and the largest file, and a zip bomb; measure the memory."""
    with running_web(sandbox) as web:
        sandbox.findings.expect_equal(201, small=_post(web, PDF, "cv.pdf")[0])  # loads the code
        before, stored = _memory(web), _stored(sandbox)
        more = _post(web, LARGE + b"\n", "cv.pdf")[0]
        sandbox.findings.expect_equal(413, one_byte_more=more, gigabyte=_gigabyte(web))
        sandbox.findings.expect_equal(422, page_called_pdf=_post(web, HTML, "cv.pdf")[0])
        sandbox.findings.expect_equal(0, rows_of_rejected=_stored(sandbox) - stored)
        sandbox.findings.expect_equal(1, bomb_kept=_keeps(web, zip_bomb(), "cv.docx"))
        grown = memory(web.processes) - before
        sandbox.findings.expect_at_most(_MAX_MEBIBYTES, mebibytes_for_these=round(grown, 1))
        before = _memory(web)
        sandbox.findings.expect_equal(1, largest_kept=_keeps(web, LARGE, "cv.pdf"))
        sandbox.findings.record(mebibytes_for_largest=round(memory(web.processes) - before, 1))


def _memory(web: WebServer) -> float:
    reset_peaks(web.processes)
    return memory(web.processes)


def _keeps(web: WebServer, content: bytes, filename: str) -> int:
    """Return 1 if a file is stored and downloaded unchanged, else 0."""
    status, body = _post(web, content, filename)
    url = orjson.loads(body)["resume"]["url"]
    return int((status, web.site.send("GET", url, web.admin)) == (201, (200, content)))


def _post(web: WebServer, content: bytes, filename: str) -> tuple[int, bytes]:
    form = lead_form(file_part(content, filename), email=f"p{len(content)}@example.com")
    return web.site.send("POST", "/leads", {"Content-Type": MULTIPART}, body=form)


def _gigabyte(web: WebServer) -> int:
    """Send a gigabyte until the server responds, and return the status."""
    with socket.create_connection(("127.0.0.1", web.site.port), timeout=300) as connection:
        connection.sendall(upload(lead_form(file_part(PDF))[:-50], announced=1024 * _MEBIBYTE))
        with suppress(ConnectionError):  # the server may answer and hang up while a part is being sent
            for _ in range(1024):
                if select.select([connection], [], [], _POLL_SECONDS)[0]:
                    break
                connection.sendall(bytes(_MEBIBYTE))
        [status] = statuses(connection.recv(_MEBIBYTE))
    return status


def _stored(sandbox: Sandbox) -> int:
    return sandbox.raw_db.count("leads") + sandbox.raw_db.count("lead_files")


_TAKE_EVERYTHING = """
    from leadtracker.entrypoints.http.requests import multipart
    multipart.Spool.write = lambda self, data: self._file.write(data)
"""

CAMPAIGN = Campaign(
    "upload-limits",
    "uploads of every size",
    run,
    bugs=(PlantedBug("a file may be of any size", ("one_byte_more",), in_processes(_TAKE_EVERYTHING)),),
)
