"""Thousands of duplicates of one address, then linked, answered and erased while leads come in."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from attrs import define, field

from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWork
from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.leads.lead import MAX_WAITING_ENQUIRIES, ChangedLead
from leadtracker.domain.use_cases.intake import capture_lead
from leadtracker.domain.use_cases.leads import answer_enquiries, erase_lead, update_lead
from leadtracker.domain.use_cases.leads.answer_enquiries import AnswerRemaining
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.invariants import check_invariants
from tests.faults.harness.planting import replaced
from tests.faults.harness.web_server import running_web
from tests.support.builders import make_fields
from tests.support.servers.processes import Site

_PAUSE_SECONDS = 0.05
_MAX_SECONDS = 3.0
_FLOOD = 20


@define
class _Submitter:
    """Sends one lead after the other in a thread."""

    site: Site
    statuses: Counter[int] = field(factory=Counter)
    slowest: float = 0.0
    _stop: threading.Event = field(factory=threading.Event)

    @contextmanager
    def working(self) -> Iterator[None]:
        thread = threading.Thread(target=self._work)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _work(self) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.site.port}", timeout=60) as client:
            while not self._stop.is_set():
                began = time.monotonic()
                fields = make_fields(f"regular{self.statuses.total()}@example.com")
                self.statuses[client.post("/leads", json=fields).status_code] += 1
                self.slowest = max(self.slowest, time.monotonic() - began)
                time.sleep(_PAUSE_SECONDS)


def run(sandbox: Sandbox) -> None:
    """Work on a person with many enquiries in another process than the web server's."""
    duplicates = sandbox.size(1_000, 10_000)
    with running_web(sandbox) as server, sandbox.container() as container:
        for _ in range(duplicates):  # as a user, whose enquiries have no limit
            fields = make_fields("one@example.com", message="m" * 500)
            container.capture_lead()(OPERATOR, fields, submission=Submission(keeps_duplicate=True))
        first = _primary(container, "one@example.com")
        _flood(sandbox, container, first, duplicates - 1)
        other = container.capture_lead()(PUBLIC, make_fields("other@example.com")).lead.id
        steps: dict[str, Callable[[], Any]] = {
            "answering": lambda: container.update_lead()(OPERATOR, first, {"state": "REACHED_OUT"}),
            "linking": lambda: container.update_lead()(OPERATOR, first, {"duplicate_of": other}),
            "erasing_primary": lambda: container.erase_lead()(OPERATOR, other),
            "erasing_all": lambda: container.erase_lead()(
                OPERATOR, _primary(container, "one@example.com"), with_duplicates=True
            ),
        }
        submitter, transactions = _Submitter(server.site), Counter[str]()
        with submitter.working(), _counting(transactions):
            for name, step in steps.items():
                began = time.monotonic()
                step()
                sandbox.findings.record(**{name: round(time.monotonic() - began, 1)})
                if name == "answering":
                    with container.unit_of_work().read_only() as tx:
                        left_open = len(tx.leads.open_enquiries(first, limit=1))
                    sandbox.findings.expect_equal(0, left_open=left_open)
        check_invariants(sandbox, container)
    sandbox.findings.record(duplicates=duplicates)
    sandbox.findings.expect_at_least(duplicates // 50, transactions=transactions.total())
    sandbox.findings.expect_seconds(_MAX_SECONDS, slowest=round(submitter.slowest, 2))
    others = submitter.statuses.total() - submitter.statuses[201]
    sandbox.findings.expect_equal(0, other_responses=others)
    sandbox.findings.expect_equal(submitter.statuses[201], leads=sandbox.raw_db.count("leads"))


def _flood(sandbox: Sandbox, container: Container, primary: str, waiting: int) -> None:
    """Send more enquiries as an anonymous client than there is room for: the rest is quarantined whole."""
    room = max(0, MAX_WAITING_ENQUIRIES - waiting)
    sent = [f"Enquiry {number} of a flood" for number in range(room + _FLOOD)]
    for message in sent:
        container.capture_lead()(PUBLIC, make_fields("one@example.com", message=message))
    with container.unit_of_work().read_only() as tx:
        lead = tx.leads.get(primary)
        kept = [one.lead.message for one in tx.quarantine.of(lead.identity)]
    stored, counted = lead.enquiries - waiting, lead.enquiries_quarantined
    sandbox.findings.expect_equal(room, stored_of_flood=stored)
    sandbox.findings.expect_equal(_FLOOD, counted_of_flood=counted)
    sandbox.findings.expect_equal([], lost_of_flood=[one for one in sent[room:] if one not in kept])


@contextmanager
def _counting(transactions: Counter[str]) -> Iterator[None]:
    """Count what is committed here: how long others wait for one transaction depends on the machine."""
    commit = PeeweeUnitOfWork.commit

    def counted(unit_of_work: PeeweeUnitOfWork) -> None:
        transactions["commits"] += 1
        commit(unit_of_work)

    with replaced(PeeweeUnitOfWork, commit=counted):
        yield


def _primary(container: Container, address: str) -> str:
    with container.unit_of_work().read_only() as tx:
        found = tx.leads.find_primary(address)
    assert found is not None
    return str(found.id)


@contextmanager
def _in_one_transaction() -> Iterator[None]:
    with (
        replaced(update_lead, MAX_RELINKED=1_000_000),
        replaced(erase_lead, _BATCH_SIZE=1_000_000),
        replaced(answer_enquiries, MAX_ANSWERED=1_000_000),
    ):
        yield


@contextmanager
def _first_answered_only() -> Iterator[None]:
    def answer_none(*_: object) -> list[ChangedLead]:
        return []

    with replaced(AnswerRemaining, __call__=answer_none):
        yield


@contextmanager
def _without_limit() -> Iterator[None]:
    with replaced(capture_lead, MAX_WAITING_ENQUIRIES=1_000_000):
        yield


CAMPAIGN = Campaign(
    "many-duplicates",
    "a person with thousands of enquiries is contacted, linked and erased while leads come in",
    run,
    bugs=(
        PlantedBug("all duplicates are changed in one transaction", ("transactions",), _in_one_transaction),
        PlantedBug("enquiries of one person have no limit", ("stored_of_flood",), _without_limit),
        PlantedBug(
            "a contact answers no more enquiries than one transaction does",
            ("left_open",),
            _first_answered_only,
        ),
    ),
)
