"""The calls of the systems that LeadTracker replaces.

Each call is one of theirs, with the paths and field names of LeadTracker. Mail and resumes are not covered.
"""

from datetime import timedelta
from typing import Any

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.conftest import Accounts, Way
from tests.support.builders import make_fields
from tests.support.clients.openapi import Response
from tests.support.database import on_every_database
from tests.support.http import Client, api_key, basic, fields_in
from tests.support.memory.system import MemoryClock

pytestmark = on_every_database

JANE = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}


class TestDashboard:
    """System B: a dashboard for leads, in which an attorney works with a password."""

    @pytest.fixture
    def attorney(self, public: Client, accounts: Accounts) -> Client:
        return public.with_headers(accounts.credentials(Role.AGENT, Way.BASIC))

    @pytest.fixture
    def jane(self, attorney: Client) -> dict[str, Any]:
        body: dict[str, Any] = attorney.post("/leads", JANE).body
        return body

    def test_lead_is_created(self, attorney: Client) -> None:
        created = attorney.post("/leads", JANE)
        assert created.status == 201
        assert created.body.items() >= (JANE | {"state": "PENDING"}).items()

    def test_all_leads_are_listed(self, attorney: Client, jane: dict[str, Any]) -> None:
        john = attorney.post("/leads", make_fields("john@example.com")).body
        assert sorted(lead["id"] for lead in attorney.get("/leads").body) == sorted([jane["id"], john["id"]])

    def test_one_lead_is_returned(self, attorney: Client, jane: dict[str, Any]) -> None:
        assert attorney.get(f"/leads/{jane['id']}").body == jane
        assert attorney.get("/leads/4711").status == 404

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("first_name", "Janet"),
            ("last_name", "Roe"),
            ("email", "jr@example.com"),
            ("state", "REACHED_OUT"),
        ],
    )
    def test_any_field_can_be_updated(
        self, attorney: Client, jane: dict[str, Any], field: str, value: str
    ) -> None:
        updated = attorney.request("PUT", f"/leads/{jane['id']}", json={field: value})
        assert (updated.status, updated.body) == (200, jane | {field: value, "version": 2})

    def test_updated_address_must_be_unique(self, attorney: Client, jane: dict[str, Any]) -> None:
        attorney.post("/leads", make_fields("john@example.com"))
        rejected = attorney.request("PUT", f"/leads/{jane['id']}", json={"email": "john@example.com"})
        assert (rejected.status, rejected.body["title"]) == (409, "The lead exists already")

    def test_address_is_unique(self, attorney: Client, jane: dict[str, Any]) -> None:
        rejected = attorney.post("/leads", JANE)
        assert rejected.status == 409
        assert rejected.body["lead"].endswith(f"/leads/{jane['id']}")

    def test_attorney_marks_lead_as_reached(self, attorney: Client, jane: dict[str, Any]) -> None:
        assert jane["state"] == "PENDING"
        marked = attorney.request("PUT", f"/leads/{jane['id']}", json={"state": "REACHED_OUT"})
        assert (marked.status, marked.body["state"]) == (200, "REACHED_OUT")


class TestManagementService:
    """System C: a public form, and a list and a state for who has signed in."""

    def test_anonymous_client_posts_a_lead(self, public: Client) -> None:
        created = public.post("/leads", JANE)
        assert (created.status, created.body["state"]) == (201, "PENDING")

    def test_web_form_posts_a_lead(self, public: Client) -> None:
        form = "application/x-www-form-urlencoded"
        data = "first_name=Jane&last_name=Doe&email=jane.doe%40example.com"
        assert public.post("/leads", data=data, content_type=form).status == 201

    def test_missing_fields_are_named(self, public: Client) -> None:
        rejected = public.post("/leads", {})
        assert (rejected.status, fields_in(rejected)) == (422, ["email", "first_name"])

    def test_user_lists_leads(self, public: Client, accounts: Accounts) -> None:
        created = public.post("/leads", JANE).body
        user = public.with_headers(accounts.credentials(Role.AGENT, Way.BASIC))
        assert user.get("/leads").body == [created]

    def test_user_puts_the_state(self, public: Client, accounts: Accounts) -> None:
        created = public.post("/leads", JANE).body
        user = public.with_headers(accounts.credentials(Role.AGENT, Way.BASIC))
        updated = user.request("PUT", f"/leads/{created['id']}", json={"state": "REACHED_OUT"})
        assert (updated.status, updated.body["state"]) == (200, "REACHED_OUT")

    @pytest.mark.parametrize("credentials", [{}, basic("agent with a password", "wrong"), basic("", "")])
    def test_anonymous_client_must_authenticate(
        self, public: Client, accounts: Accounts, credentials: dict[str, str]
    ) -> None:
        accounts.credentials(Role.AGENT, Way.BASIC)
        created = public.post("/leads", JANE).body
        client = public.with_headers(credentials)
        rejected = [
            client.get("/leads"),
            client.get(f"/leads/{created['id']}"),
            client.request("PUT", f"/leads/{created['id']}", json={"state": "REACHED_OUT"}),
        ]
        assert [response.status for response in rejected] == [401] * 3
        assert all(response.headers["WWW-Authenticate"].startswith("Basic") for response in rejected)

    def test_api_has_readable_documentation(self, public: Client) -> None:
        assert public.get("/docs").status == 200


class TestManagementApi:
    """System D: API clients with an ``x-api-key``, and follow-ups with reminders.

    Its statuses new, contacted and converted are understood; responses say PENDING, REACHED_OUT, CONVERTED.
    """

    @pytest.fixture
    def program(self, public: Client, accounts: Accounts) -> Client:
        secret = accounts.credentials(Role.AGENT, Way.API_KEY)["X-API-Key"]
        return public.with_headers({"x-api-key": secret})

    def create(self, program: Client, number: int = 1) -> Response:
        name, phone = f"Person {number}", f"+1 415 555 26{number:02}"
        return program.post("/leads", make_fields(f"p{number}@example.com", first_name=name, phone=phone))

    def test_lead_has_a_phone_number(self, program: Client) -> None:
        created = self.create(program, 71)
        assert (created.status, created.body["phone"]) == (201, "+14155552671")

    @pytest.mark.parametrize("credentials", [{}, api_key(""), api_key("lt_wrong")])
    def test_missing_key_is_rejected(self, public: Client, credentials: dict[str, str]) -> None:
        assert public.with_headers(credentials).get("/leads").status == 401

    def test_address_uniqueness_can_be_checked(self, program: Client) -> None:
        self.create(program)
        assert self.create(program).status == 409

    def test_status_is_patched_stepwise(self, program: Client) -> None:
        path = f"/leads/{self.create(program).body['id']}"
        assert program.patch(path, {"state": "CONVERTED"}).status == 409
        for status, state in (("contacted", "REACHED_OUT"), ("Converted", "CONVERTED")):
            assert program.patch(path, {"status": status}).body["state"] == state
        assert program.patch(path, {"status": "won"}).status == 422

    def test_follow_up_is_posted(self, program: Client) -> None:
        lead = self.create(program).body
        response = program.post(f"/leads/{lead['id']}/follow-up")
        assert (response.status, response.body["done_at"]) == (201, lead["created_at"])
        history = program.get(f"/leads/{lead['id']}/history").body
        assert [entry["action"] for entry in history] == ["created", "follow_up", "state_changed"]

    def test_follow_up_is_reminded(self, program: Client, clock: MemoryClock) -> None:
        lead = self.create(program).body
        program.post(f"/leads/{lead['id']}/follow-up", {"due_at": "2026-11-20T09:00:00Z"})
        assert program.get("/follow-ups", status="overdue").body == []
        clock.advance(timedelta(days=3))
        [overdue] = program.get("/follow-ups", status="overdue").body
        assert overdue["lead_id"] == lead["id"]
        assert [found["id"] for found in program.get("/leads", follow_up="overdue").body] == [lead["id"]]

    def test_leads_are_paginated(self, program: Client, clock: MemoryClock) -> None:
        for number in range(5):
            self.create(program, number)
            clock.advance(timedelta(seconds=1))
        first = program.get("/leads", limit=3)
        link = first.headers["Link"].partition(">")[0].removeprefix("<http://localhost")
        second = program.request("GET", link)
        names = [lead["first_name"] for lead in first.body + second.body]
        assert names == [f"Person {number}" for number in (4, 3, 2, 1, 0)]
        assert "Link" not in second.headers

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"state": "REACHED_OUT"}, ["Person 1"]),
            ({"state": "PENDING"}, ["Person 0"]),
            ({"email": "p0@example.com"}, ["Person 0"]),
            ({"q": "person p1"}, ["Person 1"]),
            ({"created_from": "2026-11-19"}, []),
        ],
    )
    def test_leads_are_filtered(self, program: Client, query: dict[str, str], names: list[str]) -> None:
        ids = [self.create(program, number).body["id"] for number in range(2)]
        program.patch(f"/leads/{ids[1]}", {"state": "REACHED_OUT"})
        assert [lead["first_name"] for lead in program.get("/leads", **query).body] == names

    @pytest.mark.parametrize(
        ("role", "statuses"),
        [(Role.VIEWER, [200, 403, 403]), (Role.AGENT, [200, 200, 403]), (Role.ADMIN, [200, 200, 204])],
    )
    def test_roles_are_cumulative(
        self, public: Client, program: Client, accounts: Accounts, role: Role, statuses: list[int]
    ) -> None:
        client = public.with_headers(accounts.credentials(role))
        path = f"/leads/{self.create(program).body['id']}"
        responses = [client.get(path), client.patch(path, {"state": "LOST"}), client.delete(path)]
        assert [response.status for response in responses] == statuses
