"""API keys of the role sender: they send leads as anonymous clients do, and may do nothing else."""

import pytest

from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import Accounts, MakeContainer, Way
from tests.support.builders import make_fields
from tests.support.http import Client

KNOWN = make_fields("ann@example.com")


@pytest.fixture
def sender(public: Client, accounts: Accounts) -> Client:
    return accounts.client(public, Role.SENDER)


def test_a_known_person_is_not_disclosed_to_a_sender(sender: Client, agent: Client) -> None:
    first = agent.post("/leads", KNOWN).body
    agent.patch(f"/leads/{first['id']}", {"state": "REACHED_OUT"})
    again = sender.post("/leads?duplicates=reject", KNOWN)
    new = sender.post("/leads", make_fields("bob@example.com"))
    assert again.status == new.status == 201
    assert list(again.headers.keys()) == list(new.headers.keys())
    hidden = {"owner": None, "enquiries": 0, "duplicate_of": None, "state": "PENDING", "version": 1}
    assert {name: again.body[name] for name in hidden} == hidden
    assert agent.get(f"/leads/{again.body['id']}").body["duplicate_of"] == first["id"]


def test_a_sender_cannot_set_what_the_public_cannot(sender: Client, agent: Client) -> None:
    fields = make_fields(state="CONVERTED", owner="ann", created_at="2020-01-01T00:00:00Z")
    lead = sender.post("/leads", fields).body
    stored = agent.get(f"/leads/{lead['id']}").body
    assert (stored["state"], stored["owner"], stored["created_at"][:4]) == ("PENDING", None, "2026")


def test_history_names_the_key(sender: Client, agent: Client) -> None:
    lead = sender.post("/leads", KNOWN).body
    (created,) = agent.get(f"/leads/{lead['id']}/history").body
    assert created["actor"] == f"api-key:{Role.SENDER} with {Way.API_KEY}"


def test_spam_and_rejected_submissions_are_kept_as_those_of_the_public(sender: Client, agent: Client) -> None:
    assert sender.post("/leads", make_fields(leave_this_empty="x")).status == 201
    assert sender.post("/leads", {"first_name": "Zoe"}).status == 422
    assert {one["reason"] for one in agent.get("/quarantine").body} == {"honeypot", "invalid"}
    assert agent.get("/leads").body == []


def test_a_known_person_is_rejected_without_a_link(make_container: MakeContainer) -> None:
    container = make_container(public_duplicates="reject")
    app = create_app(container)
    sender = Accounts(container, app).client(Client.of(app), Role.SENDER)
    sender.post("/leads", KNOWN)
    rejected = sender.post("/leads", KNOWN)
    assert rejected.status == 409
    assert "lead" not in rejected.body


def test_required_fields_bind_a_sender(make_container: MakeContainer) -> None:
    container = make_container(required_fields="message")
    app = create_app(container)
    sender = Accounts(container, app).client(Client.of(app), Role.SENDER)
    assert sender.post("/leads", KNOWN).body["errors"][0]["field"] == "message"


def test_a_sender_has_no_rate_limit(make_container: MakeContainer) -> None:
    container = make_container(public_rate_limit="2/minute")
    app = create_app(container)
    public = Client.of(app)
    sender = Accounts(container, app).client(public, Role.SENDER)
    assert {sender.post("/leads", make_fields(f"{n}@example.com")).status for n in range(4)} == {201}
    assert [public.post("/leads", make_fields(f"p{n}@example.com")).status for n in range(3)] == [
        201,
        201,
        429,
    ]


def test_users_cannot_be_senders(admin: Client) -> None:
    new = {"name": "zoe", "role": "sender", "password": "seven herons at dawn"}
    rejected = admin.post("/users", new)
    assert rejected.status == 422
    assert rejected.body["errors"] == [{"field": "role", "message": "must be one of viewer, agent, admin"}]
    admin.post("/users", new | {"role": "agent"})
    assert admin.patch("/users/zoe", {"role": "sender"}).status == 422
