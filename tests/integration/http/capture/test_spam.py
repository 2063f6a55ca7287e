"""Spam: every public entrypoint quarantines suspicious submissions, and the response does not show it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from leadtracker.domain.model.accounts.access import Role
from leadtracker.domain.model.leads.fields import TOUCH_FIELDS
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import Accounts, MakeContainer, Way
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.multipart import MULTIPART, file_part, lead_form
from tests.support.clients.public_form import (
    BROWSER,
    FILL_IN_SECONDS,
    submit_form_from_other_site,
    submit_lead_form,
)
from tests.support.database import on_every_database, on_sqlite
from tests.support.http import Client
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

HONEYPOT = {"leave_this_empty": "http://buy.example"}


@pytest.fixture
def html_client(app: Flask) -> HtmlClient:
    return HtmlClient.of(app)


def in_quarantine(agent: Client) -> list[tuple[str, str]]:
    """List the quarantined addresses with their reasons, the latest first; without rejected submissions."""
    quarantined = agent.get("/quarantine").body
    return [(one["email"], one["reason"]) for one in quarantined if one["reason"] != "invalid"]


def shape(response: TestResponse) -> tuple[int, list[str], object]:
    """Return the parts of a response that do not repeat the submitted values."""
    body = response.get_json(silent=True)
    return response.status_code, sorted(response.headers.keys()), sorted(body) if body else response.text


@pytest.mark.parametrize("headers", [{}, BROWSER])
@pytest.mark.parametrize("kind", ["json", "data"])
def test_filled_honeypot_gets_a_normal_response(
    app: Flask, agent: Client, raw_db: RawDatabase, headers: dict[str, str], kind: str
) -> None:
    send: Any = app.test_client().post
    good = send("/leads", headers=headers, **{kind: make_fields("a@example.com")})
    spam = send("/leads", headers=headers, **{kind: make_fields("b@example.com") | HONEYPOT})
    assert shape(good) == shape(spam)
    assert in_quarantine(agent) == [("b@example.com", "honeypot")]
    assert raw_db.count("leads") == raw_db.count("deliveries") == 1


def test_too_fast_form_is_quarantined(html_client: HtmlClient, agent: Client, clock: MemoryClock) -> None:
    form = html_client.get("/")
    assert submit_lead_form(html_client, form).location == "/thanks"
    assert in_quarantine(agent) == [("ann@example.com", "too_fast")]
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    assert submit_lead_form(html_client, form).location == "/thanks"
    assert submit_lead_form(html_client, form, {"email": "other@example.com"}).status == 422
    assert (in_quarantine(agent), agent.get("/leads").body) == ([("ann@example.com", "too_fast")], [])


@pytest.mark.parametrize("token", ["", "x", "WyJpZCIsMV0.AAAA", "WyJhIiwiMjAyNi0xMS0xOFQxMjowMDowMFoiXQ.x"])
def test_forged_token_is_quarantined(html_client: HtmlClient, agent: Client, token: str) -> None:
    assert submit_form_from_other_site(html_client, make_fields(form_token=token)).location == "/thanks"
    assert (in_quarantine(agent), agent.get("/leads").body) == ([("ann@example.com", "invalid_token")], [])


@on_sqlite
def test_token_of_another_instance_is_forged(
    html_client: HtmlClient, agent: Client, make_container: MakeContainer, clock: MemoryClock
) -> None:
    other = HtmlClient.of(create_app(make_container(secret_key="another key that guards nothing")))
    form = other.get("/")
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    submit_lead_form(html_client, form)
    assert in_quarantine(agent) == [("ann@example.com", "invalid_token")]


@on_every_database
def test_replayed_token_creates_no_lead(
    html_client: HtmlClient, agent: Client, clock: MemoryClock, raw_db: RawDatabase
) -> None:
    form = html_client.get("/")
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    assert submit_lead_form(html_client, form).status == 303
    replayed = [submit_lead_form(html_client, form, {"email": f"p{n}@example.com"}).status for n in range(5)]
    assert (replayed, raw_db.count("leads"), in_quarantine(agent)) == ([422] * 5, 1, [])
    kept = [one["fields"]["email"] for one in agent.get("/quarantine", reason="invalid").body]
    assert sorted(kept) == [f"p{n}@example.com" for n in range(5)]


def test_authenticated_lead_is_not_quarantined(agent: Client, viewer: Client) -> None:
    assert agent.post("/leads", make_fields(form_token="x") | HONEYPOT).status == 201
    assert (in_quarantine(agent), len(viewer.get("/leads").body)) == ([], 1)


def test_non_text_token_is_handled(public: Client, agent: Client) -> None:
    fields = make_fields(form_token=["x"], leave_this_empty={"a": 1}, consent=7)
    assert public.post("/leads", fields).status == 201
    assert in_quarantine(agent) == [("ann@example.com", "honeypot")]


class TestQuarantine:
    @pytest.fixture
    def quarantined_lead(self, public: Client) -> dict[str, Any]:
        body: dict[str, Any] = public.post(
            "/leads", make_fields(resume="Can knit.", source="ad", topic="lease") | HONEYPOT
        ).body
        return body

    def test_quarantined_lead_can_be_read(self, agent: Client, quarantined_lead: dict[str, Any]) -> None:
        [shown] = agent.get("/quarantine").body
        submitted = {
            name: quarantined_lead[name] for name in ("id", "first_name", "last_name", "email", "source")
        }
        assert shown == {
            **submitted,
            "phone": None,
            "message": None,
            "lost_reason": None,
            "answers": {"topic": "lease"},
            **dict.fromkeys(field.name for field in TOUCH_FIELDS),
            "resume": {"filename": "resume.txt", "content_type": "text/plain", "size": 9},
            "attachments": [],
            "fields": None,
            "errors": [],
            "reason": "honeypot",
            "received_at": quarantined_lead["created_at"],
        }

    @on_every_database
    def test_released_lead_keeps_its_id(
        self, agent: Client, raw_db: RawDatabase, clock: MemoryClock, quarantined_lead: dict[str, Any]
    ) -> None:
        clock.advance(timedelta(days=1))
        released = agent.post(f"/quarantine/{quarantined_lead['id']}/release")
        assert (released.status, released.body) == (201, quarantined_lead)
        assert agent.get(f"/leads/{quarantined_lead['id']}").body == quarantined_lead
        assert agent.get(quarantined_lead["resume"]["url"]).body == b"Can knit."
        assert (in_quarantine(agent), raw_db.count("deliveries")) == ([], 1)
        assert agent.post(f"/quarantine/{quarantined_lead['id']}/release").status == 404

    def test_discarded_lead_is_gone(
        self, agent: Client, raw_db: RawDatabase, quarantined_lead: dict[str, Any]
    ) -> None:
        assert agent.delete(f"/quarantine/{quarantined_lead['id']}").status == 204
        assert agent.delete(f"/quarantine/{quarantined_lead['id']}").status == 404
        assert quarantined_lead["email"] not in raw_db.dump()

    def test_pages_are_linked(self, public: Client, agent: Client, clock: MemoryClock) -> None:
        for number in range(3):
            public.post("/leads", make_fields(f"p{number}@example.com") | HONEYPOT)
            clock.advance(timedelta(seconds=1))
        first = agent.get("/quarantine", limit=2)
        second = agent.request("GET", first.headers["Link"].split(">")[0].removeprefix("<http://localhost"))
        assert [one["email"][:2] for one in first.body + second.body] == ["p2", "p1", "p0"]
        assert "Link" not in second.headers

    def test_erasure_covers_the_quarantine(
        self, admin: Client, raw_db: RawDatabase, quarantined_lead: dict[str, Any]
    ) -> None:
        lead = admin.post("/leads", make_fields()).body
        [exported] = admin.get(f"/leads/{lead['id']}/export").body["quarantine"]
        assert exported["id"] == quarantined_lead["id"]
        admin.delete(f"/leads/{lead['id']}")
        assert "ann@example.com" not in raw_db.dump()


@on_sqlite
class TestRateLimit:
    @pytest.fixture
    def app(self, make_container: MakeContainer) -> Flask:
        return create_app(make_container(public_rate_limit="2/minute"))

    def test_third_public_request_is_limited(self, app: Flask, public: Client) -> None:
        html_client, page = HtmlClient.of(app), HtmlClient.of(app).get("/")
        assert public.post("/leads", make_fields()).status == 201
        assert submit_form_from_other_site(html_client, make_fields()).status == 303
        rejected = public.post("/leads", make_fields())
        assert rejected.status == 429
        assert 1 <= int(rejected.headers["Retry-After"]) <= 60
        again = submit_lead_form(html_client, page, {"last_name": "O'Neil"})
        assert (again.status, again.form("/leads").values["last_name"]) == (429, "O'Neil")
        assert again.response.headers["Retry-After"]
        elsewhere = public.request(
            "POST", "/leads", environ_overrides={"REMOTE_ADDR": "192.0.2.9"}, data=make_fields()
        )
        assert elsewhere.status == 201

    def test_rejected_submissions_count_too(self, public: Client) -> None:
        assert [public.post("/leads", {}).status for _ in range(3)] == [422, 422, 429]

    def test_authenticated_client_is_not_limited(self, public: Client, accounts: Accounts) -> None:
        for way in (Way.API_KEY, Way.BASIC):
            client = accounts.client(public, Role.AGENT, way)
            statuses = [
                client.post("/leads", make_fields(f"{way[:3]}{n}@x.example")).status for n in range(4)
            ]
            assert set(statuses) <= {201, 422}
            assert 429 not in statuses

    def test_default_limit_is_sixty_a_minute(self, make_container: MakeContainer, database_url: str) -> None:
        assert database_url
        from_settings = type(make_container().settings()).model_fields["public_rate_limit"].default
        client = Client.of(create_app(make_container(public_rate_limit=from_settings)))
        statuses = [client.post("/leads", {}).status for _ in range(61)]
        assert statuses == [422] * 60 + [429]


@on_sqlite
def test_form_token_counts_once_whatever_the_idempotency_keys(
    html_client: HtmlClient, app: Flask, agent: Client, clock: MemoryClock
) -> None:
    token = html_client.get("/").form("/leads").values["form_token"]
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    send = app.test_client().post
    statuses = [
        send(
            "/leads",
            data=make_fields(f"ann{number}@example.com", form_token=token),
            headers={"Idempotency-Key": f"key {number}"},
        ).status_code
        for number in range(3)
    ]
    assert statuses == [201, 422, 422]
    assert [lead["email"] for lead in agent.get("/leads").body] == ["ann0@example.com"]


@on_sqlite
def test_key_and_form_token_of_the_same_request_are_replayed(
    html_client: HtmlClient, app: Flask, agent: Client, clock: MemoryClock
) -> None:
    token = html_client.get("/").form("/leads").values["form_token"]
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    fields = make_fields(form_token=token)
    for headers in ({"Idempotency-Key": "mine"}, {"Idempotency-Key": "mine"}, {}, {"Idempotency-Key": "new"}):
        assert app.test_client().post("/leads", data=fields, headers=headers).status_code == 201
    assert len(agent.get("/leads").body) == 1


@on_sqlite
@pytest.mark.parametrize("headers", [{}, BROWSER])
def test_uploads_of_an_address_are_limited_by_their_size(
    make_container: MakeContainer, headers: dict[str, str]
) -> None:
    client = create_app(make_container(upload_mb_per_day=2)).test_client()

    def send(number: int, size: int, address: str = "192.0.2.1") -> int:
        body = lead_form(file_part(b"a" * size, "cv.txt"), email=f"ann{number}@example.com")
        overrides = {"REMOTE_ADDR": address}
        given: Any = {"data": body, "content_type": MULTIPART, "environ_overrides": overrides}
        return client.post("/leads", headers=headers, **given).status_code

    accepted = 303 if headers else 201
    assert [send(number, 1_500_000) for number in range(3)] == [accepted, accepted, 429]
    assert send(4, 100) == accepted  # a lead without a large file is still welcome
    assert send(5, 1_500_000, "192.0.2.2") == accepted
