"""Clients behind a proxy that forge headers to be someone else, or to be named in links and logs."""

import http.client
from collections import Counter
from collections.abc import Callable, Mapping

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.databases import SQLITE
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import WebServer, running_web
from tests.support.builders import make_fields
from tests.support.http import basic

_EVIL = "evil.example"
_SIGN_INS, _LEADS = 10, 20
_ADDRESS = "203.0.113.9"
_PAGES = ("/", "/sign-in", "/thanks", "/dashboard", "/leads", "/healthz", "/openapi.json", "/form/embed")

Headers = Mapping[str, str]


def run(sandbox: Sandbox) -> None:
    """Send more requests than one client may, each with other headers; then look for forged names."""
    requests = sandbox.size(100, 1_000, ci=40)
    with running_web(
        sandbox,
        TRUSTED_PROXIES=1,
        PUBLIC_URL="https://leads.firm.example",
        LOGIN_RATE_LIMIT=f"{_SIGN_INS}/hour",
        PUBLIC_RATE_LIMIT=f"{_LEADS}/hour",
    ) as server:
        for name, headers in _DISGUISES.items():
            _check_limits(sandbox, server, name, [headers(number) for number in range(requests)])
        seen = "".join(_answers(server, path) for path in _PAGES)
        metrics = [
            server.site.send("GET", "/metrics", _forged("127.0.0.1", number))[0] for number in range(3)
        ]
    sandbox.findings.expect_equal(0, forged_in_responses=seen.count(_EVIL))
    sandbox.findings.expect_equal(0, metrics_shown=metrics.count(200))
    logs = "".join(log.read_text() for log in server.program.folder.glob("*.err"))
    sandbox.findings.expect_equal(0, forged_in_logs=logs.count(_EVIL))


def _check_limits(sandbox: Sandbox, server: WebServer, name: str, headers: list[Headers]) -> None:
    """Check that all these headers count as those of one client."""
    guesses = Counter(
        server.site.send("GET", "/leads", {**one, **basic("admin", f"guess {number}")})[0]
        for number, one in enumerate(headers)
    )
    leads = Counter(
        server.site.send("POST", "/leads", one, json=make_fields(f"{name}.{number}@example.com"))[0]
        for number, one in enumerate(headers)
    )
    sandbox.findings.record(**{f"{name}_requests": guesses.total() + leads.total()})
    sandbox.findings.expect_at_most(_SIGN_INS, **{f"{name}_guesses": guesses[401]})
    sandbox.findings.expect_equal(_LEADS, **{f"{name}_leads": leads[201]})
    others = leads.total() - leads[201] - leads[429] + guesses.total() - guesses[401] - guesses[429]
    sandbox.findings.expect_equal(0, **{f"{name}_others": others})


def _forged(address: str, number: int) -> Headers:
    """Return headers as a client sends them, with what a proxy adds at the end."""
    name = f"{number}.{_EVIL}"
    return {
        "X_Forwarded_For": address,
        "X_Forwarded_Proto": "gopher",
        "X_Forwarded_Host": name,
        "X-Forwarded-Host": name,
        "X-Forwarded-Prefix": f"/{name}",
        "X-Forwarded-Server": name,
        "X-Original-URL": f"/{name}",
        "Forwarded": f"for={address};host={name}",
        "X-Real-IP": address,
        "X-Forwarded-For": f"{address}, 198.51.100.{number % 2 + 1}",
        "X-Forwarded-Proto": "https",
    }


def _answers(server: WebServer, path: str) -> str:
    """Return all that the server answers to forged headers, with its own headers."""
    heads = []
    for method in ("GET", "POST"):
        for host in (f"127.0.0.1:{server.site.port}", _EVIL):
            headers = {**_forged("127.0.0.1", 1), "Host": host, "Accept": "text/html"}
            heads.append(_raw(server, method, path, headers))
    return "".join(heads)


def _raw(server: WebServer, method: str, path: str, headers: Headers) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.site.port, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", "0")
        connection.endheaders()
        response = connection.getresponse()
        return f"{response.headers}{response.read().decode()}"
    finally:
        connection.close()


_DISGUISES: dict[str, Callable[[int], Headers]] = {
    "network": lambda number: {"X-Forwarded-For": f"2001:db8:1:1::{number:x}"},
    "ports": lambda number: {"X-Forwarded-For": f"{_ADDRESS}:{1024 + number}"},
    "brackets": lambda number: {"X-Forwarded-For": f"[2001:db8:2:2::{number:x}]:{1024 + number}"},
    "underscores": lambda number: {
        "X-Forwarded-For": "203.0.113.10",
        "X_Forwarded_For": f"198.18.{number // 250}.{number % 250 + 1}",
    },
    "chain": lambda number: {"X-Forwarded-For": f"198.18.{number // 250}.{number % 250 + 1}, 203.0.113.11"},
}
"""By name, headers of many requests that all come from one client."""

_KEEP_UNDERSCORES = """
    from leadtracker.entrypoints.wsgi_adapter import environ
    def add_headers(made, headers):
        for name, value in headers:
            made[environ._key(name.replace(b"_", b"-"))] = value.decode("latin-1")
    environ._add_headers = add_headers
"""
_COUNT_ADDRESSES = """
    from leadtracker.entrypoints.http.auth import client_address
    client_address.limit_keys = lambda address: [(address, 1)]
"""

CAMPAIGN = Campaign(
    "forged-headers",
    "clients that forge the headers of proxies",
    run,
    databases_used=(SQLITE,),
    bugs=(
        PlantedBug(
            "names with an underscore count as those with a hyphen",
            ("underscores_guesses", "underscores_leads"),
            in_processes(_KEEP_UNDERSCORES),
        ),
        PlantedBug(
            "each address of a network counts as a client",
            ("network_guesses", "network_leads"),
            in_processes(_COUNT_ADDRESSES),
        ),
    ),
)
