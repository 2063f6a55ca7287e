"""Neither the response nor the time of a request for a new password reveals whether a user exists."""

import http.client
import re
import time
from urllib.parse import urlencode

from attrs import define

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.harness.web_server import running_web
from tests.faults.intake.enumeration import auc_of

_MAX_AUC = 0.55
_USERS = 10
_PATH = "/forgot-password"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@define
class _Browser:
    """A browser on one connection that has opened the form."""

    _connection: http.client.HTTPConnection
    _cookie: str = ""
    _token: str = ""

    def open_form(self) -> None:
        self._connection.request("GET", _PATH)
        response = self._connection.getresponse()
        self._cookie = (response.getheader("Set-Cookie") or "").partition(";")[0]
        found = _TOKEN.search(response.read().decode())
        self._token = found[1] if found else ""

    def ask(self, typed: str) -> tuple[int, tuple[str, ...], bytes, float]:
        """Send the form; return status, names of headers, body and seconds."""
        body = urlencode({"csrf_token": self._token, "user": typed})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self._cookie}
        began = time.perf_counter()
        self._connection.request("POST", _PATH, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        return response.status, tuple(name for name, _ in response.getheaders()), content, seconds


def run(sandbox: Sandbox) -> None:
    """Ask for known and unknown names and addresses of the same lengths, in random order."""
    count = sandbox.size(500, 2_000)
    with running_web(sandbox, LOGIN_RATE_LIMIT="off") as web:
        for number in range(_USERS):
            invited = ("user", "invite", f"known{number}", "--email", f"known{number}@example.com")
            web.program.run(*invited, "--role", "viewer")
        asked = [
            (f"{stem}{rest % _USERS}{end}", stem == "known")
            for rest in range(count // 2)
            for stem in ("known", "other")
            for end in ("", "@example.com")
        ]
        sandbox.rng.shuffle(asked)
        browser = _Browser(http.client.HTTPConnection("127.0.0.1", web.site.port, timeout=30))
        browser.open_form()
        for number in range(_USERS):
            browser.ask(f"warm{number}")
        responses = [(is_known, browser.ask(typed)) for typed, is_known in asked]
    sandbox.findings.expect_equal([200], statuses=sorted({one[0] for _, one in responses}))
    sandbox.findings.expect_equal(1, header_sets=len({one[1] for _, one in responses}))
    sandbox.findings.expect_equal(1, bodies=len({one[2] for _, one in responses}))
    times = {key: [one[3] for is_known, one in responses if is_known is key] for key in (True, False)}
    auc = auc_of(times[True], times[False])
    sandbox.findings.record(each=count)
    sandbox.findings.expect_at_most(_MAX_AUC, auc=round(max(auc, 1 - auc), 3))


_STORE_KNOWN_ONLY = """
from leadtracker.domain.use_cases.accounts.credentials.account_links import RequestPasswordReset

request = RequestPasswordReset.__call__

def request_for_known(self, typed, address):
    with self._unit_of_work.read_only() as tx:
        known = self._find(tx.users.all(), typed.strip())
    if known is not None:
        request(self, typed, address)

RequestPasswordReset.__call__ = request_for_known
"""

CAMPAIGN = Campaign(
    "account-enumeration",
    "known and unknown users at the form for a lost password",
    run,
    bugs=(
        PlantedBug("requests for unknown names are not stored", ("auc",), in_processes(_STORE_KNOWN_ONLY)),
    ),
)
