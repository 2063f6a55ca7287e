"""``/deliveries``: what waits, what was sent, what failed, over HTTP."""

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from tests.integration.http.conftest import MakeContainer
from tests.support.builders import make_fields
from tests.support.database import on_every_database
from tests.support.http import Client
from tests.support.instruments.deliveries import deliver
from tests.support.raw_database import RawDatabase

REPLY = AttemptDetail(DetailCode.SMTP_ANSWERED, host="mx", step="RCPT")


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(notify="first@law.example, second@law.example")


@on_every_database
def test_lead_and_mails_are_stored_together(public: Client, admin: Client) -> None:
    lead = public.post("/leads", make_fields()).body
    waiting = admin.get("/deliveries", state="pending").body
    assert {(one["kind"], one["recipient"]) for one in waiting} == {
        ("acknowledgement", "ann@example.com"),
        ("notification", "first@law.example"),
        ("notification", "second@law.example"),
    }
    assert {one["lead_id"] for one in waiting} == {lead["id"]}
    assert admin.get("/deliveries", state="sent").body == []


def test_a_rejected_lead_causes_no_mail(public: Client, agent: Client, raw_db: RawDatabase) -> None:
    public.post("/leads", make_fields())
    assert agent.post("/leads", make_fields()).status == 409
    assert public.post("/leads", {}).status == 422
    assert raw_db.count("deliveries") == 3


@on_every_database
def test_dead_message_can_be_retried(public: Client, admin: Client, container: Container) -> None:
    public.post("/leads", make_fields())
    deliver(container, DeliveryResult(outcome=Outcome.REJECTED, status=550, detail=REPLY))
    [failed] = admin.get("/deliveries", state="failed").body
    [attempt] = failed["attempts"]
    assert (attempt["outcome"], attempt["status"]) == ("refused", 550)
    assert (attempt["detail"], attempt["detail_code"]) == ("mx answered 550 to RCPT.", "smtp_answered")
    retried = admin.post(f"/deliveries/{failed['id']}/retry")
    assert (retried.status, retried.body["state"]) == (202, "pending")
    deliver(container)
    assert {one["state"] for one in admin.get("/deliveries").body} == {"sent"}
    again = admin.post(f"/deliveries/{failed['id']}/retry")
    assert (again.status, again.body["type"]) == (409, "urn:leadtracker:problem:not-retryable")


def test_unknown_delivery_is_not_found(admin: Client) -> None:
    assert admin.post("/deliveries/unknown/retry").status == 404


def test_follow_up_mail_goes_to_the_prospect(
    public: Client, agent: Client, admin: Client, container: Container
) -> None:
    lead_id = public.post("/leads", make_fields()).body["id"]
    agent.post(f"/leads/{lead_id}/follow-up", {"message": "Shall we talk?"})
    sent = deliver(container)
    assert [mail.text for mail in sent if "Shall we talk?" in mail.text]
    history = admin.get(f"/leads/{lead_id}/history").body
    assert [entry["note"] for entry in history if entry["action"] == "mail_sent"].count("follow_up") == 1


def test_pages_are_linked(public: Client, admin: Client) -> None:
    for number in range(2):
        public.post("/leads", make_fields(f"p{number}@example.com"))
    first = admin.get("/deliveries", limit=4)
    rest = admin.request("GET", first.headers["Link"].partition("localhost")[2].partition(">")[0])
    ids = [one["id"] for one in first.body + rest.body]
    assert len(set(ids)) == len(ids) == 6
    assert "Link" not in rest.headers
