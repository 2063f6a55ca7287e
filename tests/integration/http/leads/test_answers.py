"""Inputs that are no field of a lead are kept as answers, and shown wherever the lead is."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from dependency_injector import providers
from flask import Flask
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.deliveries.email import Email
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.multipart import MULTIPART, file_part, form, lead_form, text_part
from tests.support.clients.public_form import submit_form_from_other_site
from tests.support.examples.sample_files import JPG, PDF, TXT
from tests.support.http import Client
from tests.support.memory.deliveries.email_sender import MemoryEmailSender
from tests.support.raw_database import RawDatabase

UNKNOWN = {f"question {number}": f"answer{number}" for number in range(30)}


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    """An application that also announces leads to a webhook and by e-mail."""
    return make_container(
        webhook_urls=SecretStr("https://hooks.example/"),
        webhook_secret=SecretStr("secret"),
        notify="office@example.com",
    )


def send_mails(container: Container, word: str) -> list[Email]:
    """Send all mails, and return those with this word in their subject."""
    sender = MemoryEmailSender()
    container.email_sender.override(providers.Object(sender))
    assert list(container.deliver_notifications().mail())
    return [email for email in sender.arrived if word in email.subject]


@pytest.mark.parametrize("kind", ["json", "form", "multipart"])
def test_unknown_inputs_are_shown_and_found(viewer: Client, public: Client, admin: Client, kind: str) -> None:
    fields: dict[str, Any] = make_fields() | UNKNOWN
    if kind == "json":
        captured = public.post("/leads", fields)
    elif kind == "form":
        captured = public.request("POST", "/leads", data=fields)
    else:
        parts = [text_part(name, text) for name, text in fields.items()]
        captured = public.request("POST", "/leads", data=form(*parts), content_type=MULTIPART)
    assert (captured.status, captured.body["answers"]) == (201, UNKNOWN)
    assert viewer.get(f"/leads/{captured.body['id']}").body["answers"] == UNKNOWN
    assert [lead["id"] for lead in viewer.get("/leads", q="answer29").body] == [captured.body["id"]]
    exported = admin.get("/leads/export", format="csv").body.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(exported))
    assert json.loads(row["answers"]) == UNKNOWN


def test_answers_and_files_are_shown_wherever_the_lead_is(
    app: Flask, container: Container, public: Client, admin: Client, raw_db: RawDatabase
) -> None:
    files = {"resume": ("cv.pdf", PDF), "photo": ("site.jpg", JPG), "list": ("tools.txt", TXT)}
    parts = [text_part(name, text) for name, text in UNKNOWN.items()]
    parts += [file_part(content, name, name=part) for part, (name, content) in files.items()]
    sent = public.request("POST", "/leads", data=lead_form(*parts), content_type=MULTIPART)
    assert sent.status == 201
    container.manage_users().add(OPERATOR, "boss", Role.ADMIN, PHRASE)
    browser = HtmlClient.of(app)
    assert browser.sign_in("boss", PHRASE).status == 303
    [notification] = send_mails(container, "New lead")
    path = f"/dashboard/leads/{sent.body['id']}"
    shown = {
        "API": json.dumps(admin.get(f"/leads/{sent.body['id']}").body),
        "mail": notification.text,
        "HTML of the mail": notification.html,
        "page": browser.get(path).html,
        "personal data": browser.get(path.removeprefix("/dashboard") + "/export").html,
        "lines of JSON": browser.get("/leads/export?format=ndjson").html,
        "webhook": str(raw_db.execute("SELECT text FROM deliveries WHERE channel = 'webhook'")),
    }
    assert [lead["id"] for lead in admin.get("/leads", q="answer29").body] == [sent.body["id"]]
    expected = [*UNKNOWN, *UNKNOWN.values(), *(name for name, _ in files.values())]
    missing = {place: [one for one in expected if one not in text] for place, text in shown.items()}
    assert missing == {place: [] for place in shown}
    assert admin.delete(f"/leads/{sent.body['id']}").status == 204
    assert not [one for one in (*UNKNOWN.values(), "site.jpg") if one in raw_db.dump()]


def test_rejected_inputs_become_answers_of_the_corrected_lead(public: Client, agent: Client) -> None:
    fields = {"first_name": "Ann", "email": "ann@", "topic": ["lease", "rent"], "budget": "5,000"}
    assert public.request("POST", "/leads", data=fields).status == 422
    [kept] = agent.get("/quarantine", reason="invalid").body
    released = agent.post(f"/quarantine/{kept['id']}/release", {"email": "ann@example.com"})
    assert released.status == 201
    assert released.body["answers"] == {"topic": ["lease", "rent"], "budget": "5,000"}


def test_person_in_an_object_is_completed_by_a_correction(public: Client, agent: Client) -> None:
    body = {
        "data": {
            "fields": [{"label": "Email", "value": "ann@example.com"}, {"label": "Topic", "value": "Will"}]
        }
    }
    assert public.post("/leads", body).status == 422
    [kept] = agent.get("/quarantine", reason="invalid").body
    released = agent.post(f"/quarantine/{kept['id']}/release", {"first_name": "Ann"})
    assert (released.status, released.body["email"]) == (201, "ann@example.com")
    assert released.body["answers"] == {"Topic": "Will"}


def send(app: Flask, public: Client, kind: str, fields: dict[str, Any]) -> None:
    """Send a lead in one of four ways, and check that it is taken."""
    parts = [text_part(name, text) for name, text in fields.items()]
    ways: dict[str, Callable[[], int]] = {
        "json": lambda: public.post("/leads", fields).status,
        "form": lambda: public.request("POST", "/leads", data=fields).status,
        "multipart": lambda: (
            public.request("POST", "/leads", data=form(*parts), content_type=MULTIPART).status
        ),
        "browser": lambda: submit_form_from_other_site(HtmlClient.of(app), fields).status,
    }
    assert ways[kind]() == (303 if kind == "browser" else 201)


@pytest.mark.parametrize("kind", ["json", "form", "multipart", "browser"])
@pytest.mark.parametrize(
    ("inputs", "kept", "left_out"),
    [
        pytest.param({f"input {number}": "x" for number in range(101)}, 50, 51, id="101 inputs"),
        pytest.param({f"input {number}": "x" * 1_000 for number in range(101)}, 16, 85, id="100 kB in 101"),
        pytest.param({"story": "x" * 100_000, "topic": "lease"}, 2, 1, id="100 kB in one"),
    ],
)
def test_history_reports_inputs_beyond_the_bounds(
    app: Flask, viewer: Client, public: Client, kind: str, inputs: dict[str, str], kept: int, left_out: int
) -> None:
    send(app, public, kind, make_fields() | inputs)
    [lead] = viewer.get("/leads").body
    assert lead["answers"] == {name: text[:2_000] for name, text in list(inputs.items())[:kept]}
    created, beyond = viewer.get(f"/leads/{lead['id']}/history").body
    assert (created["action"], beyond["action"]) == ("created", "inputs_left_out")
    assert beyond["note"].startswith(f"{left_out} inputs")


def test_export_is_read_back_with_its_answers(admin: Client, public: Client) -> None:
    lead = public.post("/leads", make_fields(topic="lease", budget="=1+1")).body
    exported = admin.get("/leads/export", format="csv").body
    assert admin.delete(f"/leads/{lead['id']}").status == 204
    imported = admin.request("POST", "/leads/import", data=exported, content_type="text/csv")
    assert imported.body["created"] == 1
    [again] = admin.get("/leads").body
    assert again["answers"] == {"topic": "lease", "budget": "=1+1"}


def test_other_columns_become_answers_unless_they_are_ignored(admin: Client) -> None:
    file = b"Vorname;E-Mail-Adresse;Stadt;phone\nEmil;emil@example.com;Ulm;n/a\n"
    response = admin.request("POST", "/leads/import", data=file, content_type="text/csv")
    assert [error["field"] for error in response.body["left_out"]] == ["phone"]
    [lead] = admin.get("/leads").body
    assert (lead["phone"], lead["answers"]) == (None, {"Stadt": "Ulm", "phone": "n/a"})
    file = file.replace(b"emil", b"eva")
    path = "/leads/import?ignore_others=true"
    response = admin.request("POST", path, data=file, content_type="text/csv")
    assert response.body["ignored_columns"] == ["Stadt"]
    [lead] = admin.get("/leads", email="eva@example.com").body
    assert lead["answers"] == {"phone": "n/a"}


def test_requests_of_the_other_source_system_work_unchanged(public: Client, agent: Client) -> None:
    fields = {"name": "Ada Lovelace", "email": "ada@example.com", "phone": "+44 20 7946 0018"}
    lead = public.post("/leads", fields).body
    assert (lead["first_name"], lead["last_name"], lead["answers"]) == ("Ada", "Lovelace", {})
    assert agent.patch(f"/leads/{lead['id']}", {"status": "contacted"}).body["state"] == "REACHED_OUT"
