"""On a nearly full disk a lead is stored without its files, and everyone concerned learns that."""

import pytest
from dependency_injector import providers
from flask import Flask
from structlog.testing import capture_logs

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.multipart import MULTIPART, file_part, lead_form
from tests.support.clients.openapi import Response
from tests.support.clients.public_form import BROWSER
from tests.support.database import on_sqlite
from tests.support.examples.sample_files import PDF
from tests.support.http import Client
from tests.support.memory.system import MemoryDiskSpace

pytestmark = on_sqlite
LARGE = PDF + bytes(100_000)
MORE_THAN_ANY_DISK = 1_000_000_000


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    """An installation whose disk has less free space than it wants."""
    return make_container(min_free_disk_mb=MORE_THAN_ANY_DISK)


def capture(client: Client, content: bytes = LARGE, **headers: str) -> Response:
    body = lead_form(file_part(content, "cv.pdf"), file_part(PDF, "plan.pdf", name="plan"))
    return client.request("POST", "/leads", data=body, content_type=MULTIPART, headers=headers)


def test_lead_is_stored_without_files(public: Client, viewer: Client) -> None:
    with capture_logs() as logs:
        response = capture(public)
    assert response.status == 201
    assert response.body["resume"] is None
    assert [one["filename"] for one in response.body["rejected_files"]] == ["cv.pdf", "plan.pdf"]
    assert all("disk is nearly full" in one["message"] for one in response.body["rejected_files"])
    assert [one for one in logs if one["event"] == "files not stored, the disk is nearly full"]
    history = viewer.get(f"/leads/{response.body['id']}/history").body
    assert [(one["action"], one["note"]) for one in history[1:]] == [("files_rejected", "cv.pdf, plan.pdf")]


def test_replay_names_the_rejected_files_again(public: Client) -> None:
    key = {"Idempotency-Key": "k"}
    first, replayed = (capture(public, LARGE, **key) for _ in range(2))
    assert replayed.headers["Idempotent-Replayed"] == "true"
    assert replayed.body == first.body


def test_small_files_are_stored(public: Client) -> None:
    response = capture(public, PDF)
    assert response.body["resume"]["filename"] == "cv.pdf"
    assert "rejected_files" not in response.body


def test_form_says_that_files_are_missing(app: Flask) -> None:
    client = app.test_client()
    body = lead_form(file_part(LARGE, "cv.pdf"))
    sent = client.post("/leads", data=body, content_type=MULTIPART, headers=BROWSER)
    assert sent.status_code == 303
    page = client.get(sent.headers["Location"])
    assert "We could not store your files" in page.text
    assert "We could not store your files" not in client.get("/thanks").text


def test_resume_is_not_replaced(agent: Client) -> None:
    lead = capture(agent, PDF).body
    path = f"/leads/{lead['id']}/resume"
    rejected = agent.request("PUT", path, data=LARGE, content_type="application/pdf")
    assert rejected.status == 503
    assert rejected.headers["Retry-After"]
    assert "disk is nearly full" in rejected.body["detail"]
    assert agent.get(path).body == PDF


def test_readiness_reports_the_disk(public: Client) -> None:
    response = public.get("/readyz")
    assert response.status == 200
    assert response.body["checks"]["disk"]["passed"] is False
    assert "MiB are free" in response.body["checks"]["disk"]["detail"]


def test_full_disk_of_the_database_is_not_ready(public: Client, container: Container) -> None:
    container.check_health.reset()
    with container.database_disk.override(providers.Object(MemoryDiskSpace(0))):
        response = Client.of(create_app(container)).get("/readyz")
    assert response.status == 503
    assert response.body["checks"]["disk"] == {
        "passed": False,
        "detail": "the disk of the database is full; no lead can be stored until it has room",
    }
    assert public.get("/readyz").status == 200


def test_dashboard_warns(container: Container, app: Flask) -> None:
    container.manage_users().add(OPERATOR, "vic", Role.VIEWER, PHRASE)
    browser = HtmlClient.of(app)
    browser.sign_in("vic", PHRASE)
    assert "nearly full" in browser.get("/dashboard").html
