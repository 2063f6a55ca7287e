"""U1: uploads of every size: what may be kept is kept bit for bit, all else is refused and costs nothing."""

import select
import socket

import orjson

from tests.contracts.resume_store import LARGE
from tests.faults.campaign import Campaign, Ground
from tests.faults.served import Served, memory, reset_peaks, served
from tests.support.files import HTML, PDF, zip_bomb
from tests.support.forms import MULTIPART, file_part, lead_form, upload
from tests.support.wire import statuses

_MEBIBYTE = 1024 * 1024
_MAX_MEBIBYTES = 50
_POLL_SECONDS = 0.01


def run(ground: Ground) -> None:
    """Send a byte too much, a gigabyte, a page called PDF, a bomb and the largest file; watch the memory."""
    with served(ground) as web:
        ground.tally.exactly(201, small=_post(web, PDF, "cv.pdf")[0])  # for all that is lazy
        before, stored = _memory(web), _stored(ground)
        more = _post(web, LARGE + b"\n", "cv.pdf")[0]
        ground.tally.exactly(413, one_byte_more=more, gigabyte=_gigabyte(web))
        ground.tally.exactly(422, page_called_pdf=_post(web, HTML, "cv.pdf")[0])
        ground.tally.exactly(0, rows_of_rejected=_stored(ground) - stored)
        ground.tally.exactly(1, bomb_kept=_keeps(web, zip_bomb(), "cv.docx"))
        grown = memory(web.processes) - before
        ground.tally.at_most(_MAX_MEBIBYTES, mebibytes_for_these=round(grown, 1))
        before = _memory(web)
        ground.tally.exactly(1, largest_kept=_keeps(web, LARGE, "cv.pdf"))
        ground.tally.tell(mebibytes_for_largest=round(memory(web.processes) - before, 1))


def _memory(web: Served) -> float:
    reset_peaks(web.processes)
    return memory(web.processes)


def _keeps(web: Served, content: bytes, filename: str) -> int:
    """Whether a file is taken in and comes back bit for bit, as a number."""
    status, body = _post(web, content, filename)
    url = orjson.loads(body)["resume"]["url"]
    return int((status, web.site.send("GET", url, web.admin)) == (201, (200, content)))


def _post(web: Served, content: bytes, filename: str) -> tuple[int, bytes]:
    form = lead_form(file_part(content, filename), email=f"p{len(content)}@example.com")
    return web.site.send("POST", "/leads", {"Content-Type": MULTIPART}, body=form)


def _gigabyte(web: Served) -> int:
    """Send a gigabyte, until the server answers; the status of the answer."""
    with socket.create_connection(("127.0.0.1", web.site.port), timeout=30) as connection:
        connection.sendall(upload(lead_form(file_part(PDF))[:-50], announced=1024 * _MEBIBYTE))
        for _ in range(1024):
            if select.select([connection], [], [], _POLL_SECONDS)[0]:
                break
            connection.sendall(bytes(_MEBIBYTE))
        [status] = statuses(connection.recv(_MEBIBYTE))
    return status


def _stored(ground: Ground) -> int:
    return ground.back_door.count("leads") + ground.back_door.count("resumes")


CAMPAIGN = Campaign("U1", "uploads of every size", run)
