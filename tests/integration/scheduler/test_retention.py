"""Retention on real databases: after 25 months exactly those who are due are gone."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from attrs import field, frozen
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, RETENTION
from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditFilter
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.entrypoints.scheduler.jobs import Jobs
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.clock import DAY, NOW, WEEK
from tests.support.instruments.concurrency import run_in_threads
from tests.support.memory.system import MemoryClock

POLICY = "LOST=24,PENDING=24,CONVERTED=120"
MONTH = timedelta(days=30.5)
OpenOffice = Callable[[MemoryClock], "Office"]
DUE = ("lost", "new", "forgotten")
KEPT = ("converted", "contacted", "held", "noted", "planned", "again")


@frozen
class Office:
    """An installation with leads that are known by the local part of their address."""

    container: Container
    clock: MemoryClock
    ids: dict[str, str] = field(factory=dict)

    @classmethod
    def open(cls, url: str, clock: MemoryClock) -> "Office":
        settings = Settings(database_url=SecretStr(url), retention=POLICY)
        container = Container(settings=settings)
        container.clock.override(providers.Object(clock))
        return cls(container, clock)

    def close(self) -> None:
        self.container.dialect().close()

    def jobs(self) -> Jobs:
        return Jobs(self.container, threading.Event())

    def advance(self, step: timedelta) -> None:
        """Let schedulers run for a time."""
        end = self.clock.now() + step
        while self.clock.now() < end:
            self.clock.advance(min(4 * WEEK, end - self.clock.now()))
            self.jobs().seal()

    def receive(self, name: str) -> str:
        fields = make_fields(f"{name}@example.com", message=f"Secret of {name}.", resume=f"I am {name}.")
        return self.container.capture_lead()(PUBLIC, fields).lead.id

    def move(self, name: str, *states: str) -> None:
        for state in states:
            self.container.update_lead()(OPERATOR, self.ids[name], {"state": state})

    def names(self) -> set[str]:
        with self.container.unit_of_work().read_only() as tx:
            leads = tx.leads.page(LeadFilter(duplicates=Duplicates.INCLUDE), limit=99).items
        return {lead.identity.partition("@")[0] for lead in leads}

    def erasures(self) -> list[str]:
        """Return the subjects of the entries of the audit log."""
        erasures = AuditFilter(action=AuditAction.PERSON_ERASED, actor=RETENTION.name)
        return [one.record.subject for one in self.container.read_audit_log().all(OPERATOR, erasures)]

    def weekly_numbers(self) -> list[tuple[str, int]]:
        with self.container.unit_of_work().read_only() as tx:
            return [(report.week.name, report.number_of_leads) for report in tx.ledger.all()]

    def failed_checks(self) -> dict[str, str]:
        # As another process: SQLite reads full-text indexes wrong on a connection that has checked before.
        self.close()
        checks = self.container.run_diagnostics()()
        return {one.name: one.detail for one in checks if not one.passed}


@pytest.fixture
def open_office(database_url: str) -> Iterator[OpenOffice]:
    """Opens installations on the same database, and lets go of it at the end."""
    opened: list[Office] = []

    def open_another(clock: MemoryClock) -> Office:
        opened.append(Office.open(database_url, clock))
        return opened[-1]

    yield open_another
    for office in opened:
        office.close()


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An installation after 25 months in which only some leads were worked on."""
    office = open_office(MemoryClock(NOW))
    office.jobs().seal()
    for name in (*DUE, *KEPT):
        office.ids[name] = office.receive(name)
    for name in ("lost", "held", "noted", "planned"):
        office.move(name, "LOST")
    office.move("converted", "REACHED_OUT", "CONVERTED")
    office.move("contacted", "REACHED_OUT")
    office.receive("forgotten")  # a repeat enquiry
    office.container.hold_lead().set(OPERATOR, office.ids["held"], {"reason": "lawsuit"})
    office.advance(13 * MONTH)
    office.container.add_note()(OPERATOR, office.ids["noted"], {"note": "Called."})
    follow_up = {"due_at": (office.clock.now() + 13 * MONTH).isoformat()}
    office.container.record_follow_up()(OPERATOR, office.ids["planned"], follow_up)
    office.receive("again")
    office.advance(12 * MONTH)
    return office


def test_exactly_the_due_persons_are_erased(office: Office) -> None:
    numbers = office.weekly_numbers()
    assert sum(number for _, number in numbers) == len(DUE) + len(KEPT)
    assert "retention" in office.failed_checks()
    announced = {one.lead.id for one in office.container.preview_retention().all(OPERATOR)}
    assert announced == {office.ids[name] for name in DUE}
    office.jobs().enforce_retention()
    assert office.names() == set(KEPT)
    assert set(office.erasures()) == announced
    assert office.weekly_numbers() == numbers
    week = next(name for name, number in numbers if number)
    counted = office.container.explain_report()(OPERATOR, week).counted
    assert {one.id for one in counted if one.erased} == announced
    assert set(office.failed_checks()) <= {"outbox", "reports"}, office.failed_checks()
    office.jobs().enforce_retention()
    assert len(office.erasures()) == len(DUE)


def test_several_schedulers_erase_each_person_once(office: Office, open_office: OpenOffice) -> None:
    others = [open_office(office.clock) for _ in range(3)]

    def work(number: int) -> None:
        others[number].jobs().enforce_retention()
        others[number].close()  # in the thread that has borrowed the connection

    run_in_threads(3, work)
    assert office.names() == set(KEPT)
    assert sorted(office.erasures()) == sorted(office.ids[name] for name in DUE)
    for name in DUE:
        actions = [one.action for one in office.container.read_history()(OPERATOR, office.ids[name])]
        assert actions.count(Action.ERASED) == 1


def test_stopped_scheduler_erases_no_further_person_and_another_continues(office: Office) -> None:
    stop = threading.Event()
    jobs = Jobs(office.container, stop)
    erased = office.container.enforce_retention()()
    next(erased)
    stop.set()
    jobs.enforce_retention()
    assert len(office.names() & set(DUE)) == len(DUE) - 1
    office.jobs().enforce_retention()
    assert office.names() == set(KEPT)


def test_jumped_clock_erases_no_one_until_it_is_confirmed(open_office: OpenOffice) -> None:
    office = open_office(MemoryClock(NOW))
    office.jobs().seal()
    office.receive("new")
    office.clock.advance(25 * MONTH)
    for _ in range(2):
        office.jobs().enforce_retention()
        office.jobs().seal()
    assert office.names() == {"new"}
    office.container.schedule_report()(OPERATOR, None)
    office.jobs().enforce_retention()
    assert office.names() == set()


def test_restored_backup_erases_them_again(
    office: Office, database_url: str, tmp_path: Path, restored_logging: None
) -> None:
    assert restored_logging is None
    path = tmp_path / "before.backup"
    office.container.backup_store().save(str(path), office.clock.now())
    office.container.hold_lead().set(OPERATOR, office.ids["lost"], {"reason": "a mistake"})
    with_hold = tmp_path / "held.backup"
    office.container.backup_store().save(str(with_hold), office.clock.now())
    office.container.hold_lead().clear(OPERATOR, office.ids["lost"])
    office.jobs().enforce_retention()
    numbers = office.weekly_numbers()
    office.close()
    command = CommandLine(
        {"DATABASE_URL": database_url, "DATA_DIR": tmp_path / "data", "LOG_LEVEL": "warning"}
    )
    for backup in (path, with_hold):
        restored = command.run("restore", "--force", backup)
        assert restored.status == 0, restored.err
        assert "Erased again: 4 leads." in restored.out  # three persons, one of whom had enquired again
        assert office.names() == set(KEPT)
        assert office.weekly_numbers() == numbers
        office.close()


def test_digest_on_monday_says_what_retention_does(office: Office) -> None:
    office.jobs().enforce_retention()
    with office.container.unit_of_work().read_only() as tx:
        for days in range(7):
            now = office.clock.now() + days * DAY
            digest = office.container.read_digest().for_mail(tx, now)
            assert digest.retention is not None
            assert digest.retention.is_news == is_monday(now)
            assert digest.retention.erased == len(DUE)
        assert office.container.read_digest().for_mail(tx, office.clock.now(), owner="ann").retention is None


def is_monday(now: datetime) -> bool:
    return now.isoweekday() == 1
