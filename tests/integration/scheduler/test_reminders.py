"""Reminders and digests, as they arrive at a mail server."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from attrs import frozen
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Actor, Role
from leadtracker.entrypoints.scheduler.jobs import Jobs
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.clients.command_line import CommandLine
from tests.support.clock import DAY, NOW
from tests.support.database import on_sqlite
from tests.support.instruments.concurrency import run_in_threads
from tests.support.memory.system import MemoryClock
from tests.support.servers.received_mail import parse_mail
from tests.support.servers.smtp import MailServer

NOTIFIED = "first@law.example, second@law.example"
ANN = Actor("user:ann", Role.AGENT)
SCHEDULERS = 4


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@frozen
class Office:
    """An installation whose clock is the test's, and its mail server."""

    url: str
    server: MailServer
    clock: MemoryClock

    def container(self) -> Container:
        """Build the container of one process."""
        container = Container(
            settings=Settings(
                database_url=SecretStr(self.url),
                smtp_url=SecretStr(f"smtp+plain://{self.server.address}"),
                notify=NOTIFIED,
                timezone=ZoneInfo("Europe/Berlin"),
                public_url="https://leads.firm.example",
            )
        )
        container.clock.override(providers.Object(self.clock))
        return container

    def run_scheduler(self) -> None:
        """Run the jobs of a scheduler once."""
        container = self.container()
        jobs = Jobs(container, threading.Event())
        jobs.remind()
        jobs.enqueue_digest()
        assert jobs.send_mail()
        container.email_sender().close()
        container.dialect().close()

    def receive(self, *addresses: str) -> list[str]:
        """Capture leads, send their mails, and return the ids."""
        container = self.container()
        ids = [container.capture_lead()(ANN, make_fields(address)).lead.id for address in addresses]
        container.dialect().close()
        self.run_scheduler()
        self.server.arrived.clear()
        return ids

    def plan(self, lead_id: str, due_in: timedelta, actor: Actor = ANN) -> None:
        """Plan the next follow-up of a lead."""
        container = self.container()
        due_at = (self.clock.now() + due_in).isoformat()
        container.record_follow_up()(actor, lead_id, {"due_at": due_at, "note": "Ask again"})
        container.dialect().close()

    def got(self, word: str) -> list[str]:
        """Return the recipients of mails with this word in the subject, and forget the mails."""
        mails = [parse_mail(mail.content) for mail in self.server.arrived]
        self.server.arrived.clear()
        return sorted(mail["To"] for mail in mails if word in mail["Subject"])


@pytest.fixture
def office(database_url: str, server: MailServer) -> Office:
    office = Office(database_url, server, MemoryClock(NOW))
    container = office.container()
    container.manage_users().add(OPERATOR, "ann", Role.AGENT, "correct horse", "ann@law.example")
    container.dialect().close()
    office.run_scheduler()
    return office


@pytest.fixture
def today(leadtracker: CommandLine, office: Office) -> CommandLine:
    """The program in the same office; it cannot but go by the machine's clock."""
    office.clock.set(datetime.now(UTC))
    smtp_url = f"smtp+plain://{office.server.address}"
    return leadtracker.with_settings(SMTP_URL=smtp_url, NOTIFY=NOTIFIED, RETOOL_URL="", DIGEST_AT="off")


EVERY_LEAD = ["ann@law.example", "first@law.example", "second@law.example"]


def test_reminder_is_sent_once_when_due(office: Office) -> None:
    [lead_id] = office.receive("prospect@example.com")
    office.plan(lead_id, timedelta(hours=1))
    office.run_scheduler()
    assert office.got("Follow-up due") == []
    office.clock.advance(timedelta(hours=1))
    office.run_scheduler()
    [first, *_] = [parse_mail(mail.content) for mail in office.server.arrived]
    assert first["Subject"] == "Follow-up due: Ann Lee"
    text = first.get_body(["plain"])
    assert text is not None
    assert "Ask again" in text.get_content()
    assert f"https://leads.firm.example/dashboard/leads/{lead_id}" in text.get_content()
    assert office.got("Follow-up due") == EVERY_LEAD
    office.run_scheduler()
    assert office.got("Follow-up due") == []


def test_downtime_causes_no_repeated_mails(office: Office) -> None:
    ids = office.receive("a@example.com", "b@example.com")
    office.plan(ids[0], timedelta(hours=1))
    office.clock.advance(2 * DAY)
    office.run_scheduler()
    office.run_scheduler()
    subjects = [parse_mail(mail.content)["Subject"] for mail in office.server.arrived]
    assert subjects.count("Overdue follow-ups: 1, leads awaiting first contact: 1") == 2
    assert office.got("Follow-up due") == EVERY_LEAD
    office.run_scheduler()
    assert office.server.arrived == []


def test_moved_follow_up_is_reminded(office: Office) -> None:
    [lead_id] = office.receive("prospect@example.com")
    office.plan(lead_id, timedelta(0))
    office.run_scheduler()
    assert office.got("Follow-up due") == EVERY_LEAD
    office.plan(lead_id, timedelta(hours=1))
    office.run_scheduler()
    assert office.got("Follow-up due") == []
    office.clock.advance(timedelta(hours=1))
    office.run_scheduler()
    assert office.got("Follow-up due") == EVERY_LEAD


def test_concurrent_schedulers_send_once(office: Office) -> None:
    ids = office.receive(*(f"p{number}@example.com" for number in range(6)))
    for lead_id in ids[:5]:
        office.plan(lead_id, timedelta(hours=1))
    office.clock.advance(2 * DAY)
    run_in_threads(SCHEDULERS, lambda _: office.run_scheduler())
    office.run_scheduler()
    ids_seen = [parse_mail(mail.content)["Message-ID"] for mail in office.server.arrived]
    assert len(ids_seen) == len(set(ids_seen))
    digests = [mail for mail in office.server.arrived if b"Overdue follow-ups: 5" in mail.content]
    assert len(digests) == 2
    assert office.got("Follow-up due") == sorted(EVERY_LEAD * 5)


@on_sqlite
def test_once_command_reminds_and_sends(today: CommandLine, office: Office) -> None:
    [lead_id] = office.receive("prospect@example.com")
    office.plan(lead_id, timedelta(0))
    assert today.run("scheduler", "--once").status == 0
    assert office.got("Follow-up due") == EVERY_LEAD
    assert office.server.goodbyes == office.server.connections


@on_sqlite
def test_missing_recipients_are_logged(today: CommandLine, office: Office) -> None:
    [lead_id] = office.receive("prospect@example.com")
    office.plan(lead_id, timedelta(0), OPERATOR)
    quiet = today.with_settings(NOTIFY="", LOG_LEVEL="warning")
    logged = quiet.run("scheduler", "--once").err
    assert "follow-ups have no recipient; set LEADTRACKER_NOTIFY" in logged
    assert "no recipient" not in quiet.run("scheduler", "--once").err


@on_sqlite
def test_broken_template_fails_only_its_mails(today: CommandLine, office: Office, tmp_path: Path) -> None:
    [lead_id] = office.receive("prospect@example.com")
    office.plan(lead_id, timedelta(0))
    container = office.container()
    container.capture_lead()(ANN, make_fields("other@example.com"))
    container.dialect().close()
    own = tmp_path / "own"
    (own / "reminder").mkdir(parents=True)
    (own / "reminder" / "text.txt").write_text("{{ lead.nothing }}")
    ended = today.with_settings(MAIL_TEMPLATES=own, REPORT_TO="off", LOG_LEVEL="warning").run(
        "scheduler", "--once"
    )
    assert ended.status == 1
    assert (
        ended.err.count("The template reminder/text.txt cannot be rendered (UndefinedError in line 1)") == 3
    )
    assert "Traceback" not in ended.err
    assert office.got("") == ["first@law.example", "other@example.com", "second@law.example"]
