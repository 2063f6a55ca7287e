"""Many clients change the same record at the same time.

The server has two processes; each client uses a separate connection.
"""

from collections import Counter

import orjson

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import WebServer, running_web
from tests.support.builders import make_fields
from tests.support.examples.address_variants import ADDRESS_VARIANTS
from tests.support.instruments.concurrency import run_in_threads

_CLIENTS = 20
_AGENTS = 10
_WORKERS = 2


def one_address(sandbox: Sandbox) -> None:
    """Send one new address per round, in twenty spellings at once."""
    rounds = sandbox.size(20, 500, ci=8)
    responses: Counter[int] = Counter()
    with running_web(sandbox, WEB_WORKERS=_WORKERS) as web:
        for number in range(rounds):

            def post(client: int, number: int = number) -> int:
                fields = make_fields(
                    f"r{number}.{sandbox.rng.choice(ADDRESS_VARIANTS)}", source=f"client {client}"
                )
                return web.site.send("POST", "/leads", json=fields)[0]

            responses.update(run_in_threads(_CLIENTS, post))
    primary_leads = sandbox.raw_db.execute("SELECT identity FROM leads WHERE duplicate_of IS NULL")
    sandbox.findings.expect_equal(
        rounds, rounds=rounds, addresses=len(set(primary_leads)), primary_leads=len(primary_leads)
    )
    sandbox.findings.expect_equal(
        _CLIENTS * rounds, created=responses[201], leads=sandbox.raw_db.count("leads")
    )
    sandbox.findings.expect_equal(
        0, server_errors=sum(responses[status] for status in responses if status >= 500)
    )


def one_key(sandbox: Sandbox) -> None:
    """Send one request with one ``Idempotency-Key`` twenty times at once, in each round."""
    rounds = sandbox.size(20, 200, ci=8)
    responses: Counter[int] = Counter()
    torn = 0
    with running_web(sandbox, WEB_WORKERS=_WORKERS) as web:
        for number in range(rounds):

            def post(_: int, number: int = number) -> tuple[int, bytes]:
                key = {"Idempotency-Key": f"round {number}"}
                return web.site.send("POST", "/leads", key, json=make_fields(f"p{number}@example.com"))

            got = run_in_threads(_CLIENTS, post)
            responses.update(status for status, _ in got)
            torn += len({body for status, body in got if status == 201}) != 1
    sandbox.findings.expect_equal(rounds, rounds=rounds, leads=sandbox.raw_db.count("leads"))
    sandbox.findings.expect_equal(0, different_responses=torn)
    sandbox.findings.expect_equal(0, other_statuses=responses.total() - responses[201] - responses[409])
    sandbox.findings.record(still_in_progress=responses[409])


def one_lead(sandbox: Sandbox) -> None:
    """Let ten agents change the same version of a lead at once, in each round."""
    rounds = sandbox.size(30, 300, ci=10)
    responses: Counter[int] = Counter()
    lost = wrong_winners = 0
    with running_web(sandbox, WEB_WORKERS=_WORKERS) as web:
        lead = orjson.loads(web.site.send("POST", "/leads", json=make_fields())[1])
        url, version = f"/leads/{lead['id']}", lead["version"]
        for number in range(rounds):

            def change(agent: int, number: int = number, version: int = version) -> int:
                return _change(web, url, version, f"round {number}, agent {agent}")

            statuses = run_in_threads(_AGENTS, change)
            responses.update(statuses)
            shown = orjson.loads(web.site.send("GET", url, web.admin)[1])
            wrong_winners += statuses.count(200) != 1
            winner = f"round {number}, agent {statuses.index(200)}" if 200 in statuses else "none"
            lost += shown["message"] != winner or shown["version"] != version + 1
            version = shown["version"]
        history = orjson.loads(web.site.send("GET", f"{url}/history", web.admin)[1])
    sandbox.findings.expect_equal(rounds, rounds=rounds, edits=responses[200], entries=len(history) - 1)
    sandbox.findings.expect_equal(0, rounds_without_one_winner=wrong_winners, lost_updates=lost)
    sandbox.findings.expect_equal(0, other_statuses=responses.total() - responses[200] - responses[412])


def _change(web: WebServer, url: str, version: int, message: str) -> int:
    headers = {**web.admin, "If-Match": f'"{version}"'}
    return web.site.send("PATCH", url, headers, json={"message": message})[0]


_KEEP_CASE = """
    from leadtracker.domain.model.values import email_address
    email_address._lower = lambda local: local
    email_address._to_ascii = lambda domain: domain
"""
_FORGET_KEYS = """
    from leadtracker.adapters.database.repositories.intake.idempotency_store import PeeweeIdempotencyStore
    PeeweeIdempotencyStore.claim = lambda *_: None
"""
_IGNORE_VERSIONS = """
    from leadtracker.domain.model.leads.lead import Lead
    Lead.check_version = lambda *_: None
"""

CAMPAIGNS = (
    Campaign(
        "duplicate-races",
        "one e-mail address from twenty clients at once",
        one_address,
        bugs=(
            PlantedBug(
                "spellings of an address count as different", ("primary_leads",), in_processes(_KEEP_CASE)
            ),
        ),
    ),
    Campaign(
        "idempotency-races",
        "one idempotency key from twenty clients at once",
        one_key,
        bugs=(PlantedBug("keys are not remembered", ("leads",), in_processes(_FORGET_KEYS)),),
    ),
    Campaign(
        "version-races",
        "one lead changed by ten agents at once",
        one_lead,
        bugs=(
            PlantedBug(
                "the version of If-Match is not compared", ("lost_updates",), in_processes(_IGNORE_VERSIONS)
            ),
        ),
    ),
)
