"""A week goes to Retool and by e-mail: trouble at one real server neither delays nor repeats the other."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.entrypoints.scheduler.jobs import Jobs
from leadtracker.settings import Settings
from tests.support.clock import DAY, NOW, WEEK
from tests.support.database import on_every_database
from tests.support.examples.thoroughness import examples
from tests.support.memory.system import MemoryClock
from tests.support.servers.received_mail import parse_mail
from tests.support.servers.receiver import Receiver, response
from tests.support.servers.smtp import MailServer

STEP = timedelta(hours=1)
WEEKS = examples(30)


class UnsteadyMailServer(MailServer):
    """Answers every command with 451 while it is down."""

    is_down = False

    def next_reaction(self, command: str) -> str | None:
        return "451 Try later" if self.is_down and command == "MAIL" else super().next_reaction(command)


@pytest.fixture
def mail_server() -> Iterator[UnsteadyMailServer]:
    with UnsteadyMailServer() as server:
        yield server


@pytest.fixture
def retool() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def clock() -> MemoryClock:
    return MemoryClock(NOW)


@pytest.fixture
def container(
    database_url: str, clock: MemoryClock, mail_server: MailServer, retool: Receiver
) -> Iterator[Container]:
    container = Container(
        settings=Settings(
            database_url=SecretStr(database_url),
            retool_url=SecretStr(retool.url),
            smtp_url=SecretStr(f"smtp+plain://{mail_server.address}"),
            report_to="owner@law.example",
        )
    )
    container.clock.override(providers.Object(clock))
    yield container
    container.email_sender().close()
    container.dialect().close()


def work(container: Container, clock: MemoryClock, duration: timedelta) -> None:
    """Let a scheduler work every hour."""
    jobs = Jobs(container, threading.Event())
    for _ in range(duration // STEP):
        jobs.seal()
        jobs.send_reports()
        jobs.send_mail()
        clock.advance(STEP)


def posts(retool: Receiver) -> Counter[str]:
    """Count the requests by their webhook-id."""
    return Counter(request.headers["webhook-id"] for request in retool.requests)


def mails(server: MailServer) -> Counter[str]:
    """Count the mails by their Message-ID."""
    return Counter(str(parse_mail(mail.content)["Message-ID"]) for mail in server.arrived)


@on_every_database
def test_mail_leaves_once_while_retool_is_down_for_a_day(
    container: Container, clock: MemoryClock, mail_server: UnsteadyMailServer, retool: Receiver
) -> None:
    retool.expect(*[response(503)] * 6)  # each attempt of the first day
    work(container, clock, DAY)
    assert list(mails(mail_server).values()) == [1]
    work(container, clock, 2 * DAY)
    [(webhook_id, attempts)] = posts(retool).items()
    assert (webhook_id, attempts) == ("lt-week-2026-W46", 7)
    assert list(mails(mail_server).values()) == [1]


@on_every_database
def test_number_is_posted_once_while_mail_is_down_for_a_day(
    container: Container, clock: MemoryClock, mail_server: UnsteadyMailServer, retool: Receiver
) -> None:
    mail_server.is_down = True
    work(container, clock, DAY)
    assert dict(posts(retool)) == {"lt-week-2026-W46": 1}
    assert mails(mail_server) == {}
    mail_server.is_down = False
    work(container, clock, DAY)
    assert dict(posts(retool)) == {"lt-week-2026-W46": 1}
    assert list(mails(mail_server).values()) == [1]


def test_every_week_arrives_once_at_both_while_each_is_down_in_turn(
    container: Container, clock: MemoryClock, mail_server: UnsteadyMailServer, retool: Receiver
) -> None:
    for number in range(WEEKS):
        mail_server.is_down = number % 2 == 0
        retool.expect(*[response(503)] * (3 if number % 2 else 0))
        work(container, clock, 4 * STEP)
        mail_server.is_down = False
        work(container, clock, 8 * STEP)
        clock.advance(WEEK - 12 * STEP)
    assert len(mails(mail_server)) == mails(mail_server).total() == WEEKS
    delivered = posts(retool)
    assert len(delivered) == WEEKS
    assert delivered.total() == WEEKS + 3 * (WEEKS // 2)  # the first attempts were rejected
