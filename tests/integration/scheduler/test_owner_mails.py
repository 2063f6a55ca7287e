"""E-mails to the owners of leads, as they arrive at a mail server."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from attrs import frozen
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Actor, Role
from leadtracker.entrypoints.scheduler.jobs import Jobs
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.clock import DAY, NOW
from tests.support.memory.system import MemoryClock
from tests.support.servers.received_mail import parse_mail
from tests.support.servers.smtp import MailServer

ANN, BOB = (Actor(f"user:{name}", Role.AGENT) for name in ("ann", "bob"))
OFFICE = "office@law.example"


@frozen
class Firm:
    """An installation with the users ann and bob, who have addresses, and cem, who has none."""

    container: Container
    server: MailServer
    clock: MemoryClock

    def receive(self, address: str, owner: str | None = None) -> str:
        """Capture a lead of an anonymous client, give it to an owner, and return its id."""
        lead = self.container.capture_lead()(PUBLIC, make_fields(address)).lead
        if owner:
            self.container.update_lead()(Actor(f"user:{owner}", Role.AGENT), lead.id, {"owner": owner})
        return lead.id

    def deliver(self) -> list[EmailMessage]:
        """Run the jobs of a scheduler once, and return the mails that arrived."""
        jobs = Jobs(self.container, threading.Event())
        jobs.remind()
        jobs.enqueue_digest()
        assert jobs.send_mail()
        mails = [parse_mail(mail.content) for mail in self.server.arrived]
        self.server.arrived.clear()
        return mails


def recipients(mails: list[EmailMessage], word: str = "") -> list[str]:
    return sorted(mail["To"] for mail in mails if word in mail["Subject"])


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def settings() -> dict[str, str]:
    return {"assignment": "round-robin", "notify": f"{OFFICE}, second@law.example"}


@pytest.fixture
def firm(database_url: str, server: MailServer, settings: dict[str, str]) -> Iterator[Firm]:
    clock = MemoryClock(NOW)
    given: dict[str, Any] = {
        "database_url": SecretStr(database_url),
        "smtp_url": SecretStr(f"smtp+plain://{server.address}"),
        **settings,
    }
    container = Container(settings=Settings(**given))
    container.clock.override(providers.Object(clock))
    firm = Firm(container, server, clock)
    for name, address in (("ann", "ann@law.example"), ("bob", "bob@law.example"), ("cem", None)):
        container.manage_users().add(OPERATOR, name, Role.AGENT, "seven herons at dawn", address)
    firm.deliver()
    yield firm
    container.email_sender().close()
    container.dialect().close()


def test_only_the_owner_is_notified_of_a_new_lead(firm: Firm) -> None:
    for name in ("ann", "bob"):
        firm.container.manage_users().change(OPERATOR, name, {"assignable": True})
    firm.receive("zoe@example.com")
    mails = firm.deliver()
    assert recipients(mails) == ["ann@law.example", "zoe@example.com"]
    by_recipient = {mail["To"]: mail for mail in mails}
    assert by_recipient["ann@law.example"]["Reply-To"] == "zoe@example.com"
    assert by_recipient["zoe@example.com"]["Reply-To"] == "ann@law.example"
    firm.receive("yan@example.com")
    assert recipients(firm.deliver(), "New lead") == ["bob@law.example"]


@pytest.mark.parametrize("settings", [{"assignment": "least-busy"}])
def test_the_owner_is_notified_without_other_addresses(firm: Firm) -> None:
    firm.container.manage_users().change(OPERATOR, "bob", {"assignable": True})
    firm.receive("zoe@example.com")
    assert recipients(firm.deliver(), "New lead") == ["bob@law.example"]


def test_the_office_is_notified_of_leads_of_no_reachable_owner(firm: Firm) -> None:
    firm.receive("zoe@example.com")
    mails = firm.deliver()
    assert recipients(mails, "New lead") == [OFFICE, "second@law.example"]
    assert {mail["Reply-To"] for mail in mails if mail["To"] == "zoe@example.com"} == {OFFICE}
    firm.container.manage_users().change(OPERATOR, "cem", {"assignable": True})
    firm.receive("yan@example.com")
    assert recipients(firm.deliver(), "New lead") == [OFFICE, "second@law.example"]


def test_the_owner_is_notified_of_a_repeat_enquiry(firm: Firm) -> None:
    firm.receive("zoe@example.com", "bob")
    firm.deliver()
    firm.receive("zoe@example.com")
    assert recipients(firm.deliver(), "New lead") == ["bob@law.example"]


def test_a_new_owner_is_notified_once(firm: Firm) -> None:
    lead = firm.receive("zoe@example.com")
    firm.deliver()
    firm.container.claim_lead()(ANN, lead)
    assert firm.deliver() == []
    update = firm.container.update_lead()
    update(ANN, lead, {"owner": "bob"})
    update(ANN, lead, {"owner": "bob", "source": "fair"})
    (mail,) = firm.deliver()
    assert (mail["To"], mail["Subject"], mail["Reply-To"]) == (
        "bob@law.example",
        "Your lead now: Ann Lee",
        "zoe@example.com",
    )
    update(BOB, lead, {"owner": None})
    update(ANN, lead, {"owner": "cem"})
    assert firm.deliver() == []


def test_many_leads_are_handed_over_with_one_mail(firm: Firm) -> None:
    ids = [firm.receive(f"p{number}@example.com") for number in range(3)]
    firm.deliver()
    change = firm.container.change_many_leads()
    change(ANN, {"ids": ids, "owner": "bob"})
    (mail,) = firm.deliver()
    assert mail["To"] == "bob@law.example"
    text = mail.get_body(["plain"])
    assert text is not None
    assert "several leads" in text.get_content()
    change(ANN, {"ids": ids, "owner": "bob"})
    assert firm.deliver() == []


def test_reminders_and_digests_go_to_the_owner(firm: Firm) -> None:
    owned, unowned = firm.receive("zoe@example.com", "bob"), firm.receive("yan@example.com")
    firm.receive("xia@example.com", "ann")
    for lead in (owned, unowned):
        due_at = (NOW + timedelta(hours=1)).isoformat()
        firm.container.record_follow_up()(ANN, lead, {"due_at": due_at})
    firm.deliver()
    firm.clock.advance(2 * DAY)
    mails = firm.deliver()
    assert recipients(mails, "Follow-up due") == sorted(
        ["bob@law.example", "ann@law.example", OFFICE, "second@law.example"]
    )
    digests = {mail["To"]: mail["Subject"] for mail in mails if "verdue" in mail["Subject"]}
    digests |= {mail["To"]: mail["Subject"] for mail in mails if "awaiting" in mail["Subject"]}
    assert digests == {
        OFFICE: "Overdue follow-ups: 2, leads awaiting first contact: 1",
        "second@law.example": "Overdue follow-ups: 2, leads awaiting first contact: 1",
        "bob@law.example": "Overdue follow-ups: 1",
        "ann@law.example": "Leads awaiting first contact: 1",
    }


def test_leads_of_a_disabled_user_become_unowned(firm: Firm) -> None:
    lead = firm.receive("zoe@example.com", "bob")
    firm.container.manage_users().disable(OPERATOR, "bob")
    firm.deliver()
    assert firm.container.get_lead()(ANN, lead).owner is None
    firm.receive("zoe@example.com")
    assert recipients(firm.deliver(), "New lead") == [OFFICE, "second@law.example"]
