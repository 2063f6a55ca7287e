"""Neither responses nor their times reveal whether an address is known."""

import http.client
import time
from bisect import bisect_left, bisect_right

import orjson
from attrs import frozen

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import running_web
from tests.support.builders import make_fields

_MAX_AUC = 0.55
_WARM_UP = 50


@frozen
class _Response:
    status: int
    headers: tuple[str, ...]
    shape: tuple[tuple[str, str], ...]
    seconds: float


def run(sandbox: Sandbox) -> None:
    """Post known and unknown addresses in random order over one connection."""
    count = sandbox.size(500, 2_000)
    known = [f"known{number}@example.com" for number in range(count)]
    addresses = [
        *((address, True) for address in known),
        *((f"new{n}@example.com", False) for n in range(count)),
    ]
    sandbox.rng.shuffle(addresses)
    with running_web(sandbox) as web:
        for number in range(_WARM_UP):
            web.site.send("POST", "/leads", json=make_fields(f"warm{number}@example.com"))
        connection = http.client.HTTPConnection("127.0.0.1", web.site.port, timeout=30)
        for address in known:
            _post(connection, address)
        responses = [(is_known, _post(connection, address)) for address, is_known in addresses]
        connection.close()
    seen = {is_known: [one for key, one in responses if key is is_known] for is_known in (True, False)}
    sandbox.findings.expect_equal(1, statuses=len({one.status for _, one in responses}))
    sandbox.findings.expect_equal(1, header_sets=len({one.headers for _, one in responses}))
    sandbox.findings.expect_equal(1, shapes=len({one.shape for _, one in responses}))
    auc = auc_of([one.seconds for one in seen[True]], [one.seconds for one in seen[False]])
    sandbox.findings.record(each=count)
    sandbox.findings.expect_at_most(_MAX_AUC, auc=round(max(auc, 1 - auc), 3))


def _post(connection: http.client.HTTPConnection, address: str) -> _Response:
    body = orjson.dumps(make_fields(address))
    began = time.perf_counter()
    connection.request("POST", "/leads", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    seconds = time.perf_counter() - began
    shape = tuple((name, type(value).__name__) for name, value in orjson.loads(content).items())
    return _Response(response.status, tuple(name for name, _ in response.getheaders()), shape, seconds)


def auc_of(ones: list[float], others: list[float]) -> float:
    """Return the share of pairs in which the first is greater; 0.5 if the samples do not differ."""
    others = sorted(others)
    wins = sum(bisect_left(others, one) + bisect_right(others, one) for one in ones)
    return wins / 2 / len(ones) / len(others)


_TAKE_LONGER = """
    import time
    from leadtracker.adapters.database.repositories.leads import lead_statements
    from leadtracker.adapters.database.repositories.leads.lead_repository import PeeweeLeadRepository
    add = PeeweeLeadRepository.add_or_mark_duplicate
    def slowly(self, lead, *arguments):
        if self._executor.row(lead_statements.select_primary_id, identity=lead.identity):
            time.sleep(0.02)
        add(self, lead, *arguments)
    PeeweeLeadRepository.add_or_mark_duplicate = slowly
"""

CAMPAIGN = Campaign(
    "enumeration",
    "known and new addresses on the public path",
    run,
    bugs=(
        PlantedBug("a known address takes twenty milliseconds more", ("auc",), in_processes(_TAKE_LONGER)),
    ),
)
