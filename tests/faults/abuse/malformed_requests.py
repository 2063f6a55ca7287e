"""Random bytes, cut and changed requests over raw sockets: none is answered by a server error."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import running_web
from tests.support.clients.multipart import file_part, lead_form
from tests.support.clients.raw_http import responses_to, statuses
from tests.support.examples.sample_files import PDF

_SERVER_ERROR = 500
_RESPONSE_TIMEOUT_SECONDS = 1.0
_CLIENTS = 8  # most of the time they wait for the server to miss the rest of a request
_TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=B",
    "multipart/form-data",
    "text/csv",
    "application/json; charset=utf-16",
    "\x00",
)
_PATHS = ("/leads", "/sign-in", "/leads/import", "/quarantine/x/release", "/%ff", "/leads?limit=\x00", "*")
_JSON = b'{"first_name": "A", "last_name": "B", "email": "a@example.com", "message": "\\ud800"}'


def run(sandbox: Sandbox) -> None:
    """Send malformed requests, and count how they are answered."""
    requests = sandbox.size(400, 10_000, ci=200)
    answered: Counter[int] = Counter()
    with running_web(sandbox) as server:
        seeds = [sandbox.rng.getrandbits(64) for _ in range(requests)]
        with ThreadPoolExecutor(_CLIENTS) as clients:
            for status in clients.map(partial(_first_status, server.site.port), seeds):
                answered.update(status)
        sandbox.findings.expect_equal(1, is_ready=int(server.site.is_ready()))
    errors = sum(number for status, number in answered.items() if status >= _SERVER_ERROR)
    sandbox.findings.record(requests=requests, **{f"status_{key}": n for key, n in sorted(answered.items())})
    sandbox.findings.expect_equal(0, server_errors=errors)


def _first_status(port: int, seed: int) -> list[int]:
    """Send a request, and return the status of the first response; nothing if there is none."""
    request = _malformed(random.Random(seed))  # noqa: S311 - not used for security
    received = responses_to(port, request, timeout=_RESPONSE_TIMEOUT_SECONDS)
    return statuses(received)[:1]


def _malformed(rng: random.Random) -> bytes:
    body = rng.choice([_JSON, rng.randbytes(300), b"[" * 5_000, _form(rng), b""])
    body = _damaged(rng, body) if body else body
    head = (
        f"{rng.choice(['POST', 'PUT', 'PATCH', 'BREW'])} {rng.choice(_PATHS)} HTTP/1.1\r\nHost: x\r\n"
        f"Connection: close\r\nContent-Type: {rng.choice(_TYPES)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode("latin-1")
    return (_damaged(rng, head) if rng.random() < 0.3 else head) + body


def _form(rng: random.Random) -> bytes:
    content = lead_form(file_part(PDF, "cv.pdf"), email="a@example.com")
    return content[: rng.randint(0, len(content))]


def _damaged(rng: random.Random, content: bytes) -> bytes:
    """Change some bytes, or cut the text off."""
    if rng.random() < 0.2:
        return content[: rng.randint(0, len(content))]
    changed = bytearray(content)
    for _ in range(rng.randint(0, 5)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


_RAISE_ON_JSON = """
    from leadtracker.entrypoints.http.requests import body
    class Parser:
        JSONDecodeError = body.orjson.JSONDecodeError
        def loads(content):
            raise RuntimeError("no rule handles this")
    body.orjson = Parser
"""

CAMPAIGN = Campaign(
    "malformed-requests",
    "random bytes and damaged requests over raw sockets",
    run,
    databases_used=(SQLITE,),
    bugs=(
        PlantedBug("an error of the parser is not handled", ("server_errors",), in_processes(_RAISE_ON_JSON)),
    ),
)
