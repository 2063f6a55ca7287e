"""The mails for a new lead as they arrive at a mail server: one to its owner, none to any other user.

Whatever way a lead comes in, its owner's mail can be answered: the reply goes to the prospect.
"""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import frozen
from flask import Flask
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.scheduler.jobs import Jobs
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.database import on_every_database
from tests.support.http import Client, basic
from tests.support.servers.received_mail import parse_mail
from tests.support.servers.smtp import MailServer

NEW = "/dashboard/leads/new"
OFFICE, ANN, BOB, ZOE = "office@law.example", "ann@law.example", "bob@law.example", "zoe@example.com"
Mails = dict[str, str | None]


@frozen
class Arrivals:
    """The mails that arrive at a server when the scheduler sends what is due."""

    _container: Container
    _server: MailServer

    def next(self) -> Mails:
        """Send what is due; return the ``Reply-To`` of each mail by its recipient, who got no second one."""
        self._server.arrived.clear()
        assert Jobs(self._container, threading.Event()).send_mail()
        mails = [parse_mail(mail.content) for mail in self._server.arrived]
        assert len({mail["To"] for mail in mails}) == len(mails)
        return {str(mail["To"]): mail["Reply-To"] and str(mail["Reply-To"]) for mail in mails}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def assignment() -> str:
    return "none"


@pytest.fixture
def container(make_container: MakeContainer, server: MailServer, assignment: str) -> Iterator[Container]:
    smtp_url = SecretStr(f"smtp+plain://{server.address}")
    container = make_container(smtp_url=smtp_url, notify=OFFICE, assignment=assignment)
    users = container.manage_users()
    for name, role in (("ann", Role.AGENT), ("bob", Role.AGENT), ("cleo", Role.ADMIN), ("dan", Role.VIEWER)):
        users.add(OPERATOR, name, role, PHRASE, f"{name}@law.example")
    for name in ("ann", "bob"):
        users.change(OPERATOR, name, {"assignable": True})
    yield container
    container.email_sender().close()


@pytest.fixture
def arrivals(container: Container, server: MailServer) -> Arrivals:
    arrivals = Arrivals(container, server)
    arrivals.next()
    return arrivals


@pytest.fixture
def ann(app: Flask, arrivals: Arrivals) -> HtmlClient:
    """The browser of the agent ann."""
    browser = HtmlClient.of(app)
    assert browser.sign_in("ann", PHRASE).status == 303
    assert arrivals.next() == {}
    return browser


@on_every_database
@pytest.mark.parametrize("assignment", ["round-robin", "least-busy"])
def test_public_lead_is_mailed_to_the_user_whose_turn_it_is(public: Client, arrivals: Arrivals) -> None:
    for number, owner in enumerate((ANN, BOB, ANN, BOB)):
        prospect = f"p{number}@example.com"
        public.post("/leads", make_fields(prospect))
        assert arrivals.next() == {prospect: owner, owner: prospect}


@pytest.mark.parametrize("assignment", ["round-robin"])
def test_owner_of_a_caller_without_address_has_no_one_to_reply_to(public: Client, arrivals: Arrivals) -> None:
    public.post("/leads", {"first_name": "Zoe", "phone": "+49 30 901820"})
    assert arrivals.next() == {ANN: None}


def test_lead_without_an_owner_is_mailed_to_the_office(public: Client, arrivals: Arrivals) -> None:
    public.post("/leads", make_fields(ZOE))
    assert arrivals.next() == {ZOE: OFFICE, OFFICE: ZOE}


def test_claimed_lead_is_mailed_to_no_one_and_a_handed_over_one_to_its_owner(
    public: Client, arrivals: Arrivals
) -> None:
    lead = public.post("/leads", make_fields(ZOE)).body["id"]
    arrivals.next()
    ann, bob = (public.with_headers(basic(name, PHRASE)) for name in ("ann", "bob"))
    ann.post(f"/leads/{lead}/claim")
    assert arrivals.next() == {}
    ann.patch(f"/leads/{lead}", {"owner": "bob"})
    assert arrivals.next() == {BOB: ZOE}
    bob.post("/leads/bulk", {"ids": [lead], "owner": "ann"})
    assert arrivals.next() == {ANN: ZOE}


@pytest.mark.parametrize(
    ("chosen", "mails"),
    [
        ({"owner": "ann"}, {}),
        ({"owner": "none"}, {}),
        ({"owner": "bob"}, {BOB: ZOE}),
        ({"owner": "ann", "sends_mail": "yes"}, {ZOE: ANN, ANN: ZOE}),
        ({"owner": "bob", "sends_mail": "yes"}, {ZOE: BOB, BOB: ZOE}),
        ({"owner": "none", "sends_mail": "yes"}, {ZOE: OFFICE, OFFICE: ZOE}),
    ],
)
def test_entered_lead_is_mailed_as_its_user_wants(
    ann: HtmlClient, arrivals: Arrivals, chosen: dict[str, str], mails: Mails
) -> None:
    entered = {"first_name": "Zoe", "email": ZOE, **chosen}
    assert ann.submit(ann.get(NEW).form(NEW), entered).status == 303
    assert arrivals.next() == mails


def test_second_call_of_a_person_is_mailed_to_the_owner_of_the_first(
    public: Client, ann: HtmlClient, arrivals: Arrivals
) -> None:
    lead = public.post("/leads", make_fields(ZOE)).body["id"]
    public.with_headers(basic("cleo", PHRASE)).patch(f"/leads/{lead}", {"owner": "bob"})
    arrivals.next()
    again = {"first_name": "Zoe", "email": ZOE, "owner": "ann", "keeps_known": "yes", "sends_mail": "yes"}
    sent = ann.submit(ann.get(NEW).form(NEW), again)
    stored = public.with_headers(basic("ann", PHRASE)).get(f"/leads/{sent.location.rpartition('/')[2]}")
    assert (stored.body["duplicate_of"], stored.body["owner"]) == (lead, "bob")
    assert arrivals.next() == {BOB: ZOE}  # the prospect had the acknowledgement today


@pytest.mark.parametrize(
    ("query", "mails"),
    [
        ({}, {}),
        ({"notify": "true"}, {"a@x.example": BOB, BOB: "a@x.example", ZOE: OFFICE, OFFICE: ZOE}),
        ({"notify": "true", "owner": "ann"}, {"a@x.example": BOB, BOB: "a@x.example", ZOE: ANN, ANN: ZOE}),
    ],
)
def test_imported_leads_are_mailed_on_request(
    admin: Client, arrivals: Arrivals, query: dict[str, Any], mails: Mails
) -> None:
    file = f"first_name,email,owner\nA,a@x.example,bob\nZoe,{ZOE},\n"
    imported = admin.request(
        "POST", "/leads/import", query_string=query, data=file.encode(), content_type="text/csv"
    )
    assert imported.body["created"] == 2
    assert arrivals.next() == mails
