"""Alerts about silent sources on real databases, as they arrive at a mail server."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

import pytest
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.entrypoints.scheduler.jobs import Jobs
from leadtracker.settings import Settings
from tests.support.builders import make_lead
from tests.support.clock import DAY, NOW
from tests.support.instruments.concurrency import run_in_threads
from tests.support.memory.system import MemoryClock
from tests.support.servers.received_mail import parse_mail
from tests.support.servers.smtp import MailServer

SCHEDULERS = 4
SOURCE = "fair & web"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def build_container(url: str, server: MailServer, clock: MemoryClock) -> Container:
    container = Container(
        settings=Settings(
            database_url=SecretStr(url),
            smtp_url=SecretStr(f"smtp+plain://{server.address}"),
            report_to="owner@law.example",
            timezone=ZoneInfo("Europe/Berlin"),
            public_url="https://leads.firm.example",
        )
    )
    container.clock.override(providers.Object(clock))
    return container


def run_scheduler(container: Container) -> None:
    jobs = Jobs(container, threading.Event())
    jobs.alert_silence()
    assert jobs.send_mail()
    container.email_sender().close()


def test_concurrent_schedulers_alert_once(database_url: str, server: MailServer) -> None:
    clock = MemoryClock(NOW)
    container = build_container(database_url, server, clock)
    container.seal_weeks()()
    with container.unit_of_work()() as tx:
        for number in range(10 * 7 * 3):
            time = NOW - number * timedelta(hours=8)
            tx.leads.add(make_lead(f"lead-{number}", f"p{number}@example.com", time, source=SOURCE))
        tx.commit()
    run_scheduler(container)
    server.arrived.clear()  # the report of the last week
    clock.advance(DAY)
    run_scheduler(container)
    assert server.arrived == []
    clock.advance(4 * DAY)
    run_in_threads(SCHEDULERS, lambda _: container.alert_silence()())
    run_scheduler(container)
    clock.advance(DAY)
    run_scheduler(container)
    container.dialect().close()
    [mail] = [parse_mail(one.content) for one in server.arrived]
    assert mail["To"] == "owner@law.example"
    assert mail["Subject"].startswith(f"No leads from {SOURCE} since ")
    text = mail.get_body(["plain"])
    assert text is not None
    assert "about 15" in text.get_content()
    assert f"https://leads.firm.example/dashboard/leads?source={quote_plus(SOURCE)}" in text.get_content()
