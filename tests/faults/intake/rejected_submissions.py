"""Rejected public submissions of every kind: each gets its 4xx, each is kept once, and the bounds hold."""

from collections.abc import Callable, Mapping
from random import Random

import orjson

from leadtracker.domain.model.intake.rejected_submission import MAX_REJECTED, MAX_REJECTED_PER_CLIENT
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import WebServer, running_web
from tests.support.builders import make_fields
from tests.support.clients.multipart import MULTIPART

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_CLIENT_ERROR = range(400, 500)
_ADDRESS = "person@example.com"

Make = Callable[[Random, int], tuple[str, bytes]]

_KINDS: tuple[Make, ...] = (
    lambda _rng, number: (_JSON, orjson.dumps({"email": _ADDRESS, "number": number})),
    lambda _rng, number: (_JSON, orjson.dumps({"first_name": "Ann", "email": f"{_ADDRESS} {number}"})),
    lambda _rng, number: (_JSON, f'{{"email": "{_ADDRESS}", "number": {number}'.encode()),
    lambda _rng, number: (_JSON, orjson.dumps([_ADDRESS, number])),
    lambda rng, _number: (_JSON, rng.randbytes(200)),
    lambda _rng, number: (f"{_JSON}; charset=klingon", f"{_ADDRESS} {number}".encode()),
    lambda _rng, number: (_FORM, f"email=person%40example.com&number={number}".encode()),
    lambda _rng, number: (_FORM, b"&".join(b"%d=%d" % (number, one) for one in range(300))),
    lambda rng, _number: (f"{MULTIPART}; boundary=x", b"--x\r\n" + rng.randbytes(200)),
    lambda _rng, number: ("text/plain", f"{_ADDRESS} {number}".encode()),
)


def run(sandbox: Sandbox) -> None:
    """Send submissions from many client addresses, each of them twice; then erase the person in them."""
    count = sandbox.size(1_000, 3_000)
    bodies = [_KINDS[number % len(_KINDS)](sandbox.rng, number) for number in range(count)]
    with running_web(sandbox, trusted_proxies=1, public_rate_limit="off") as web:
        clients = [f"10.0.{number // 10 // 250}.{number // 10 % 250 + 1}" for number in range(count)]
        for _ in range(2):
            statuses = [_post(web, body, client) for body, client in zip(bodies, clients, strict=True)]
            others = sum(status not in _CLIENT_ERROR for status in statuses)
            sandbox.findings.expect_equal(0, not_rejected=others)
        expected = min(count - _unread(bodies), MAX_REJECTED)
        sandbox.findings.expect_equal(expected, kept=sandbox.raw_db.count("rejected_submissions"))
        flood = [_KINDS[1](sandbox.rng, count + number) for number in range(3 * MAX_REJECTED_PER_CLIENT)]
        for body in flood:
            _post(web, body, "192.0.2.1")
        [[most]] = sandbox.raw_db.execute(
            "SELECT count(*) AS number FROM rejected_submissions GROUP BY client ORDER BY number DESC LIMIT 1"
        )
        sandbox.findings.expect_equal(MAX_REJECTED_PER_CLIENT, most_of_one_client=most)
        _erase(web)
    rows = sandbox.raw_db.execute("SELECT fields FROM rejected_submissions")
    sandbox.findings.expect_equal(0, left_of_the_person=sum(_ADDRESS in fields for (fields,) in rows))


def _unread(bodies: list[tuple[str, bytes]]) -> int:
    """Return the number of bodies of which nothing is read, so that nothing can be kept."""
    return sum(content_type == "text/plain" for content_type, _ in bodies)


def _post(web: WebServer, body: tuple[str, bytes], client: str) -> int:
    headers: Mapping[str, str] = {"Content-Type": body[0], "X-Forwarded-For": client}
    return web.site.send("POST", "/leads", headers, body=body[1])[0]


def _erase(web: WebServer) -> None:
    _, content = web.site.send("POST", "/leads", web.admin, json=make_fields(_ADDRESS))
    web.site.send("DELETE", f"/leads/{orjson.loads(content)['id']}", web.admin)


_KEEP_ALL = """
    from leadtracker.domain.model.intake import rejected_submission
    rejected_submission.MAX_REJECTED_PER_CLIENT = 1_000_000
"""

CAMPAIGN = Campaign(
    "rejected-submissions",
    "invalid and undecodable public submissions",
    run,
    bugs=(
        PlantedBug(
            "a client may fill the store of rejected submissions",
            ("most_of_one_client",),
            in_processes(_KEEP_ALL),
        ),
    ),
)
