"""Truncated uploads leave no data behind."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import running_web
from tests.support.clients.multipart import file_part, lead_form, upload
from tests.support.clients.raw_http import responses_to, statuses
from tests.support.examples.sample_files import PDF

_CUTS = 200
_EDGE = 40
_READ_TIMEOUT_SECONDS = 0.2
_CLIENTS = 8


def run(sandbox: Sandbox) -> None:
    """Announce a whole form and send a part of it, cut at every boundary and between them."""
    form = lead_form(file_part(PDF + bytes(1024 * 1024)))
    edges = [*range(_EDGE), *range(len(form) - _EDGE, len(form))]
    offsets = [*edges, *(sandbox.rng.randrange(len(form)) for _ in range(_CUTS - len(edges)))]
    with running_web(sandbox) as web:

        def cut(offset: int) -> list[int]:
            request = upload(form[:offset], announced=len(form))
            return statuses(responses_to(web.site.port, request, timeout=_READ_TIMEOUT_SECONDS))

        with ThreadPoolExecutor(_CLIENTS) as pool:
            responses = Counter(status for found in pool.map(cut, offsets) for status in found)
        sandbox.findings.record(cuts=len(offsets))
        sandbox.findings.expect_equal(0, other_responses=responses.total() - responses[400])
        sandbox.findings.expect_equal(
            0, leads=sandbox.raw_db.count("leads"), resumes=sandbox.raw_db.count("lead_files")
        )
        whole = statuses(responses_to(web.site.port, upload(form, announced=len(form))))
        sandbox.findings.expect_equal([201], whole_one=whole)


_TAKE_PARTS = """
    from leadtracker.entrypoints.http.requests import multipart
    from leadtracker.entrypoints.wsgi_adapter import bodies
    receive, read = bodies._receive_chunk, multipart._events
    async def receive_chunk(source):
        try:
            return await receive(source)
        except bodies.BodyCutShort:
            return b"", False
    def events(*arguments):
        try:
            yield from read(*arguments)
        except Exception:
            pass
    bodies._receive_chunk, multipart._events = receive_chunk, events
"""

CAMPAIGN = Campaign(
    "cut-uploads",
    "uploads cut off anywhere",
    run,
    bugs=(PlantedBug("what has come of a form is stored", ("leads",), in_processes(_TAKE_PARTS)),),
)
