"""Spam: on every public way what looks like it is kept aside, and its sender is told nothing."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import Accounts, MakeContainer, Way
from tests.support.builders import make_fields
from tests.support.html_client import Visitor
from tests.support.http import Client
from tests.support.kinds import on_sqlite
from tests.support.memory.clock import MemoryClock
from tests.support.public import BROWSER, LONG_ENOUGH, send_foreign_form, send_form
from tests.support.raw_database import BackDoor

HONEYPOT = {"leave_this_empty": "http://buy.example"}


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor.of(app)


def in_quarantine(agent: Client) -> list[tuple[str, str]]:
    """Who is there, and why, the latest first."""
    return [(one["email"], one["reason"]) for one in agent.get("/quarantine").body]


def shape(response: TestResponse) -> tuple[int, list[str], object]:
    """What an answer tells besides what was sent."""
    body = response.get_json(silent=True)
    return response.status_code, sorted(response.headers.keys()), sorted(body) if body else response.text


@pytest.mark.parametrize("headers", [{}, BROWSER])
@pytest.mark.parametrize("kind", ["json", "data"])
def test_a_filled_honeypot_is_answered_as_anything_else(
    app: Flask, agent: Client, back_door: BackDoor, headers: dict[str, str], kind: str
) -> None:
    send: Any = app.test_client().post
    good = send("/leads", headers=headers, **{kind: make_fields("a@example.com")})
    spam = send("/leads", headers=headers, **{kind: make_fields("b@example.com") | HONEYPOT})
    assert shape(good) == shape(spam)
    assert in_quarantine(agent) == [("b@example.com", "honeypot")]
    assert back_door.count("leads") == back_door.count("deliveries") == 1


def test_a_form_that_comes_back_too_fast_is_kept_aside(
    visitor: Visitor, agent: Client, clock: MemoryClock
) -> None:
    form = visitor.get("/")
    assert send_form(visitor, form).location == "/thanks"
    assert in_quarantine(agent) == [("ann@example.com", "too_fast")]
    clock.advance(timedelta(seconds=LONG_ENOUGH))
    assert send_form(visitor, form).location == "/thanks"
    assert send_form(visitor, form, {"email": "other@example.com"}).status == 422
    assert (in_quarantine(agent), agent.get("/leads").body) == ([("ann@example.com", "too_fast")], [])


@pytest.mark.parametrize("token", ["", "x", "WyJpZCIsMV0.AAAA", "WyJhIiwiMjAyNi0xMS0xOFQxMjowMDowMFoiXQ.x"])
def test_a_forged_token_is_kept_aside(visitor: Visitor, agent: Client, token: str) -> None:
    assert send_foreign_form(visitor, make_fields(form_token=token)).location == "/thanks"
    assert (in_quarantine(agent), agent.get("/leads").body) == ([("ann@example.com", "invalid_token")], [])


@on_sqlite
def test_a_token_of_another_installation_is_forged(
    visitor: Visitor, agent: Client, make_container: MakeContainer, clock: MemoryClock
) -> None:
    other = Visitor.of(create_app(make_container(secret_key="another key that guards nothing")))
    form = other.get("/")
    clock.advance(timedelta(seconds=LONG_ENOUGH))
    send_form(visitor, form)
    assert in_quarantine(agent) == [("ann@example.com", "invalid_token")]


def test_a_replayed_token_brings_no_second_lead(
    visitor: Visitor, agent: Client, clock: MemoryClock, back_door: BackDoor
) -> None:
    form = visitor.get("/")
    clock.advance(timedelta(seconds=LONG_ENOUGH))
    assert send_form(visitor, form).status == 303
    replayed = [send_form(visitor, form, {"email": f"p{n}@example.com"}).status for n in range(5)]
    assert (replayed, back_door.count("leads"), in_quarantine(agent)) == ([422] * 5, 1, [])


def test_who_is_known_is_never_kept_aside(agent: Client, viewer: Client) -> None:
    assert agent.post("/leads", make_fields(form_token="x") | HONEYPOT).status == 201
    assert (in_quarantine(agent), len(viewer.get("/leads").body)) == ([], 1)


def test_what_is_no_text_is_no_reason_to_fail(public: Client, agent: Client) -> None:
    fields = make_fields(form_token=["x"], leave_this_empty={"a": 1}, consent=7)
    assert public.post("/leads", fields).status == 201
    assert in_quarantine(agent) == [("ann@example.com", "honeypot")]


class TestQuarantine:
    @pytest.fixture
    def quarantined_lead(self, public: Client) -> dict[str, Any]:
        body: dict[str, Any] = public.post(
            "/leads", make_fields(resume="Can knit.", source="ad") | HONEYPOT
        ).body
        return body

    def test_it_can_be_read(self, agent: Client, quarantined_lead: dict[str, Any]) -> None:
        [shown] = agent.get("/quarantine").body
        told = {name: quarantined_lead[name] for name in ("id", "first_name", "last_name", "email", "source")}
        assert shown == {
            **told,
            "phone": None,
            "message": None,
            "resume": {"filename": "resume.txt", "content_type": "text/plain", "size": 9},
            "reason": "honeypot",
            "received_at": quarantined_lead["created_at"],
        }

    def test_what_is_released_is_what_its_sender_was_told(
        self, agent: Client, back_door: BackDoor, clock: MemoryClock, quarantined_lead: dict[str, Any]
    ) -> None:
        clock.advance(timedelta(days=1))
        released = agent.post(f"/quarantine/{quarantined_lead['id']}/release")
        assert (released.status, released.body) == (201, quarantined_lead)
        assert agent.get(f"/leads/{quarantined_lead['id']}").body == quarantined_lead
        assert agent.get(quarantined_lead["resume"]["url"]).body == b"Can knit."
        assert (in_quarantine(agent), back_door.count("deliveries")) == ([], 1)
        assert agent.post(f"/quarantine/{quarantined_lead['id']}/release").status == 404

    def test_what_is_discarded_is_gone(
        self, agent: Client, back_door: BackDoor, quarantined_lead: dict[str, Any]
    ) -> None:
        assert agent.delete(f"/quarantine/{quarantined_lead['id']}").status == 204
        assert agent.delete(f"/quarantine/{quarantined_lead['id']}").status == 404
        assert quarantined_lead["email"] not in back_door.dump()

    def test_pages_follow_each_other(self, public: Client, agent: Client, clock: MemoryClock) -> None:
        for number in range(3):
            public.post("/leads", make_fields(f"p{number}@example.com") | HONEYPOT)
            clock.advance(timedelta(seconds=1))
        first = agent.get("/quarantine", limit=2)
        second = agent.request("GET", first.headers["Link"].split(">")[0].removeprefix("<http://localhost"))
        assert [one["email"][:2] for one in first.body + second.body] == ["p2", "p1", "p0"]
        assert "Link" not in second.headers

    def test_a_person_is_told_of_it_and_erased_with_it(
        self, admin: Client, back_door: BackDoor, quarantined_lead: dict[str, Any]
    ) -> None:
        lead = admin.post("/leads", make_fields()).body
        [told] = admin.get(f"/leads/{lead['id']}/export").body["quarantine"]
        assert told["id"] == quarantined_lead["id"]
        admin.delete(f"/leads/{lead['id']}")
        assert "ann@example.com" not in back_door.dump()


@on_sqlite
class TestRateLimit:
    @pytest.fixture
    def app(self, make_container: MakeContainer) -> Flask:
        return create_app(make_container(public_rate_limit="2/minute"))

    def test_on_every_public_way_the_third_is_too_many(self, app: Flask, public: Client) -> None:
        visitor, page = Visitor.of(app), Visitor.of(app).get("/")
        assert public.post("/leads", make_fields()).status == 201
        assert send_foreign_form(visitor, make_fields()).status == 303
        rejected = public.post("/leads", make_fields())
        assert rejected.status == 429
        assert 1 <= int(rejected.headers["Retry-After"]) <= 60
        again = send_form(visitor, page, {"last_name": "O'Neil"})
        assert (again.status, again.form("/leads").values["last_name"]) == (429, "O'Neil")
        assert again.response.headers["Retry-After"]
        elsewhere = public.request(
            "POST", "/leads", environ_overrides={"REMOTE_ADDR": "192.0.2.9"}, data=make_fields()
        )
        assert elsewhere.status == 201

    def test_what_is_rejected_counts_too(self, public: Client) -> None:
        assert [public.post("/leads", {}).status for _ in range(3)] == [422, 422, 429]

    def test_who_is_known_is_not_limited(self, public: Client, accounts: Accounts) -> None:
        for way in (Way.API_KEY, Way.BASIC):
            client = accounts.client(public, Role.AGENT, way)
            statuses = [
                client.post("/leads", make_fields(f"{way[:3]}{n}@x.example")).status for n in range(4)
            ]
            assert set(statuses) <= {201, 422}
            assert 429 not in statuses

    def test_by_default_sixty_a_minute_may_come(
        self, make_container: MakeContainer, database_url: str
    ) -> None:
        assert database_url
        from_settings = type(make_container().settings()).model_fields["public_rate_limit"].default
        client = Client.of(create_app(make_container(public_rate_limit=from_settings)))
        statuses = [client.post("/leads", {}).status for _ in range(61)]
        assert statuses == [422] * 60 + [429]
