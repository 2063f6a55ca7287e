"""Processes that exit at a named point: before or after each commit, and before or after each sending."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from attrs import frozen
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.adapters.database.repositories.intake.idempotency_store import PeeweeIdempotencyStore
from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWork
from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender
from leadtracker.adapters.retool.report_sink import RetoolReportSink
from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.deliveries.deliverable import LEASE
from leadtracker.settings import Settings
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.invariants import check_invariants
from tests.faults.harness.planting import replaced
from tests.faults.mails.mail_delivery import ids_of, number_sent, plain
from tests.support.builders import make_fields
from tests.support.clock import NOW
from tests.support.memory.system import MemoryClock
from tests.support.servers.receiver import Receiver
from tests.support.servers.receiver import response as respond
from tests.support.servers.smtp import MailServer

_EXIT_STATUS = 9
_WEEK = timedelta(weeks=1)


@frozen
class _Point:
    """The ``occurrence``-th time that a method is called in an operation, before or after the call.

    Attributes:
        operation: what the process does: a name in ``_OPERATIONS``.
        method: the name of a method in ``_METHODS``.
    """

    operation: str
    method: str
    is_before: bool
    occurrence: int = 1


_METHODS = {
    "commit": (PeeweeUnitOfWork, "commit"),
    "mail": (SmtpEmailSender, "send"),
    "report": (RetoolReportSink, "deliver"),
}
_POINTS = [
    _Point(operation, method, is_before, occurrence)
    for operation, method, occurrence in (
        ("capture", "commit", 1),  # the lead
        ("send mail", "commit", 1),  # the claim
        ("send mail", "mail", 1),
        ("send mail", "commit", 2),  # the result
        ("report", "commit", 1),  # the seal
        ("report", "commit", 2),  # the attempt
        ("report", "report", 1),
        ("report", "commit", 3),  # the result
    )
    for is_before in (True, False)
]


@frozen
class _Program:
    """The settings that are sent to a process."""

    database_url: str
    folder: Path
    smtp_url: str
    retool_url: str

    def container(self, clock: MemoryClock) -> Container:
        container = Container(
            settings=Settings(
                database_url=SecretStr(self.database_url),
                data_dir=self.folder,
                smtp_url=SecretStr(self.smtp_url),
                retool_url=SecretStr(self.retool_url),
                acknowledgements_per_hour=0,
            )
        )
        container.clock.override(providers.Object(clock))
        return container


def _capture(container: Container, key: str) -> None:
    container.capture_lead()(PUBLIC, make_fields(f"{key}@example.com", resume="I am a file."), key)


def _send_mail(container: Container, _key: str) -> None:
    list(container.deliver_notifications().mail())


def _report(container: Container, _key: str) -> None:
    container.seal_weeks()()
    list(container.send_due_reports()())


_OPERATIONS: dict[str, Callable[[Container, str], None]] = {
    "capture": _capture,
    "send mail": _send_mail,
    "report": _report,
}


def run(sandbox: Sandbox) -> None:
    """Exit at each point, several times; others finish the work after the leases have expired."""
    rounds = sandbox.size(1, 5)
    clock = MemoryClock(NOW)
    not_reached, sent_twice = 0, 0
    with MailServer() as mail, Receiver() as retool:
        retool.expect(*[respond(200)] * (4 * rounds * len(_POINTS)))
        program = _Program(sandbox.database_url, sandbox.folder / "data", plain(mail), retool.url)
        container = program.container(clock)
        _report(container, "")
        for number, point in enumerate(_POINTS * rounds):
            clock.set(NOW + (number + 1) * _WEEK)
            key = f"lead{number}"
            if point.operation != "capture":
                _capture(container, key)
            not_reached += _exit_at(point, program, clock, key) != _EXIT_STATUS
            sent_twice += point.method != "commit" or not point.is_before or point.occurrence > 1
            clock.advance(LEASE * 60)
            _capture(container, key)  # the client repeats it
            for _ in range(2):
                _send_mail(container, key)
                _report(container, key)
                clock.advance(LEASE * 60)
        check_invariants(sandbox, container)
        _check_mails(sandbox, mail, len(_POINTS) * rounds, sent_twice)
        _check_reports(sandbox, retool, len(_POINTS) * rounds + 1, sent_twice)
        container.shutdown_resources()
        container.dialect().close()
    sandbox.findings.record(points=len(_POINTS), exits=len(_POINTS) * rounds)
    sandbox.findings.expect_equal(0, not_reached=not_reached)


def _exit_at(point: _Point, program: _Program, clock: MemoryClock, key: str) -> int | None:
    context = get_context("forkserver")  # loads this module once, not in every process
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_work, args=(point, program, clock.now(), key))
    process.start()
    process.join()
    return process.exitcode


def _work(point: _Point, program: _Program, now: Any, key: str) -> None:
    owner, name = _METHODS[point.method]
    call, calls = getattr(owner, name), 0

    def exiting(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        is_here = calls == point.occurrence
        if is_here and point.is_before:
            os._exit(_EXIT_STATUS)
        result = call(*arguments)
        if is_here:
            os._exit(_EXIT_STATUS)
        return result

    container = program.container(MemoryClock(now))
    container.schema().prepare()
    with replaced(owner, **{name: exiting}):
        _OPERATIONS[point.operation](container, key)


def _check_mails(sandbox: Sandbox, mail: MailServer, leads: int, max_repeated: int) -> None:
    arrived = ids_of(mail)
    sandbox.findings.expect_equal(leads, leads=sandbox.raw_db.count("leads"), mails=len(arrived))
    sandbox.findings.expect_equal(leads, mails_sent=number_sent(sandbox))
    sandbox.findings.expect_at_most(max_repeated, mails_repeated=arrived.total() - len(arrived))


def _check_reports(sandbox: Sandbox, retool: Receiver, weeks: int, max_repeated: int) -> None:
    posts = Counter(request.headers["webhook-id"] for request in retool.requests.copy())
    [[delivered]] = sandbox.raw_db.execute("SELECT count(*) FROM weekly_reports WHERE state = 'delivered'")
    sandbox.findings.expect_equal(weeks, rows=sandbox.raw_db.count("weekly_reports"), delivered=delivered)
    sandbox.findings.expect_equal(weeks, weeks_posted=len(posts))
    sandbox.findings.expect_at_most(max_repeated, posts_repeated=posts.total() - len(posts))


@contextmanager
def _forget_keys() -> Iterator[None]:
    with replaced(PeeweeIdempotencyStore, claim=lambda *_: None, remember=lambda *_: None):
        yield


CAMPAIGN = Campaign(
    "exit-points",
    "processes that exit before or after each commit and each sending",
    run,
    bugs=(PlantedBug("idempotency keys are not remembered", ("leads",), _forget_keys),),
)
