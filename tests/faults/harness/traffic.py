"""Simulated clients that send leads with resumes continuously and record the responses.

Each client sends one lead after the other, each over a new connection and with an ``Idempotency-Key``;
a request without a 201 response is sent again until it gets one.
"""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import orjson
from attrs import define, field, frozen

from tests.faults.harness.campaign import CheckFailed, Sandbox
from tests.support.clients.multipart import MULTIPART, file_part, lead_form
from tests.support.examples.sample_files import PDF
from tests.support.servers.processes import Site

NOT_SENT, DROPPED = "not sent", "dropped"
_RESPONSE_TIMEOUT_SECONDS = 60.0
_RETRY_DELAY_SECONDS = 0.05
_MAX_RESUME_BYTES = 60_000


@frozen
class Acknowledged:
    """A lead whose request got a 201 response.

    Attributes:
        at: the time of the response, on the monotonic clock, in seconds.
        seconds: how long the last request took.
        tries: how many requests it took.
    """

    lead_id: str
    email: str
    digest: str
    at: float
    seconds: float
    tries: int


@define
class Traffic:
    """The results of all clients so far.

    Attributes:
        others: further servers, which a client tries in turn when a request has failed.
        outcomes: how often requests ended with each status, as ``NOT_SENT`` (no server) or as ``DROPPED``.
        pause_seconds: how long each client waits before its next lead; may be changed at any time.
    """

    site: Site
    others: tuple[Site, ...] = ()
    acknowledged: list[Acknowledged] = field(factory=list)
    outcomes: Counter[int | str] = field(factory=Counter)
    pause_seconds: float = 0.0
    _stop: threading.Event = field(factory=threading.Event)
    _is_given_up: bool = False

    @contextmanager
    def of(self, people: int, *, file_bytes: int = _MAX_RESUME_BYTES) -> Iterator[None]:
        """Let ``people`` clients send leads during the block; at its end each waits for its last 201.

        After an error in the block they do not wait: there may be no server any more.
        """
        with ThreadPoolExecutor(people) as pool:
            working = [pool.submit(self._work, person, file_bytes) for person in range(people)]
            try:
                yield
            except BaseException:
                self._is_given_up = True
                raise
            finally:
                self._stop.set()
        _raise_errors(working)

    def count_statuses_except(self, *usual: int | str) -> int:
        """Count the requests that ended in another way."""
        return sum(number for outcome, number in self.outcomes.items() if outcome not in usual)

    def slowest(self, since: float = 0.0, until: float = float("inf")) -> float:
        """Return the 95th percentile, in seconds, of the answered requests between two monotonic times."""
        seconds = sorted(one.seconds for one in self.acknowledged if since <= one.at < until)
        return seconds[len(seconds) * 95 // 100] if seconds else 0.0

    def _work(self, person: int, file_bytes: int) -> None:
        rng = random.Random(person)  # noqa: S311 - not used for security
        number = 0
        while not self._stop.wait(self.pause_seconds):
            number += 1
            email = f"p{person}.{number}.{id(self)}@example.com"
            content = PDF + rng.randbytes(rng.randint(0, file_bytes))
            self._send(email, content)

    def _send(self, email: str, content: bytes) -> None:
        body = lead_form(file_part(content, "cv.pdf"), email=email)
        for tries in range(1, 10_000):
            began = time.monotonic()
            site = self._sites[(len(self.acknowledged) + tries) % len(self._sites)]
            outcome, response = _post(site, email, body)
            now = time.monotonic()
            self.outcomes[outcome] += 1
            if outcome == http.HTTPStatus.CREATED:
                digest = sha256(content).hexdigest()
                found = Acknowledged(orjson.loads(response)["id"], email, digest, now, now - began, tries)
                self.acknowledged.append(found)
                return
            if self._is_given_up:
                return
            time.sleep(_RETRY_DELAY_SECONDS)
        message = f"no server stored {email}: {self.outcomes}"
        raise CheckFailed(message)

    @property
    def _sites(self) -> tuple[Site, ...]:
        return (self.site, *self.others)


def check_nothing_lost(sandbox: Sandbox, traffic: Traffic) -> None:
    """Check that each acknowledged lead is stored once, with its resume, its mail and its history."""
    rows = dict(sandbox.raw_db.execute("SELECT id, email FROM leads"))
    acknowledged = {one.lead_id: one for one in traffic.acknowledged}
    lost = [one for one in acknowledged.values() if rows.get(one.lead_id) != one.email]
    resumes = {
        lead_id: sha256(bytes(content)).hexdigest()
        for lead_id, content in sandbox.raw_db.execute("SELECT lead_id, content FROM lead_files")
    }
    torn = [one for one in acknowledged.values() if resumes.get(one.lead_id) != one.digest]
    mails = Counter(lead_id for (lead_id,) in sandbox.raw_db.execute("SELECT lead_id FROM deliveries"))
    entries = Counter(lead_id for (lead_id,) in sandbox.raw_db.execute("SELECT lead_id FROM lead_history"))
    once = dict.fromkeys(acknowledged, 1)
    sandbox.findings.expect_at_least(1, acknowledged=len(traffic.acknowledged))
    sandbox.findings.expect_equal(0, lost=len(lost), duplicated=len(rows) - len(set(rows.values())))
    sandbox.findings.expect_equal(0, unasked=len(rows.keys() - acknowledged), torn_resumes=len(torn))
    sandbox.findings.expect_equal(0, without_mail=len(_differences(once, mails)))
    sandbox.findings.expect_equal(0, without_history=len(_differences(once, entries)))
    sandbox.findings.expect_equal(0, damaged=_damage(sandbox))


def _post(site: Site, key: str, body: bytes) -> tuple[int | str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=_RESPONSE_TIMEOUT_SECONDS)
    headers = {"Content-Type": MULTIPART, "Idempotency-Key": key, "Connection": "close"}
    try:
        connection.connect()
    except OSError:
        return NOT_SENT, b""
    try:
        connection.request("POST", "/leads", body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return DROPPED, b""
    finally:
        connection.close()


def _differences(one: dict[str, int], other: dict[str, int]) -> set[Any]:
    return set(one.items()) ^ set(other.items())


def _damage(sandbox: Sandbox) -> int:
    """Count the errors that SQLite's integrity checks report; 0 on PostgreSQL."""
    if not sandbox.database_url.startswith("sqlite"):
        return 0
    checks = ("PRAGMA integrity_check", "PRAGMA foreign_key_check")
    return sum(row != ("ok",) for check in checks for row in sandbox.raw_db.execute(check))


def _raise_errors(working: list[Future[None]]) -> None:
    for work in working:
        work.result()
