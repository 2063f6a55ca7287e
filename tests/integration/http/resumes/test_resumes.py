"""Resumes over HTTP: they come with leads or later, and are handed out bit for bit."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.http import parse_options_header

from leadtracker.domain.model.leads.lead_file import FileMetadata, LeadFile
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.requests.resume_uploads import file_response
from tests.contracts.intake.file_store import LARGE
from tests.support.builders import make_fields
from tests.support.clients.multipart import MULTIPART, file_part, form, lead_form, text_part
from tests.support.clients.openapi import Response
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.hostile_input import is_harmless_disposition
from tests.support.examples.sample_files import HTML, PDF, SAMPLES, TXT
from tests.support.http import Client, fields_in
from tests.support.raw_database import RawDatabase

MAX_BYTES = len(LARGE)


def capture(client: Client, *parts: bytes, **more: Any) -> Response:
    return client.request("POST", "/leads", data=lead_form(*parts), content_type=MULTIPART, **more)


def put(client: Client, lead: dict[str, Any], data: bytes, content_type: str, **more: Any) -> Response:
    return client.request("PUT", f"/leads/{lead['id']}/resume", data=data, content_type=content_type, **more)


def stored(raw_db: RawDatabase) -> tuple[int, int]:
    return raw_db.count("leads"), raw_db.count("lead_files")


@on_every_database
def test_large_resume_round_trips_bit_for_bit(public: Client, viewer: Client) -> None:
    lead = capture(public, file_part(LARGE, "Ann Lee.pdf")).body
    url = f"/leads/{lead['id']}/resume"
    assert lead["resume"] == {
        "filename": "Ann Lee.pdf",
        "content_type": "application/pdf",
        "size": MAX_BYTES,
        "url": url,
    }
    shown = viewer.get(url)
    assert (shown.status, shown.body == LARGE) == (200, True)
    assert shown.headers["Content-Type"] == "application/pdf"
    assert shown.headers["Content-Length"] == str(MAX_BYTES)
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "sandbox"
    assert shown.headers["Content-Disposition"].startswith('attachment; filename="Ann Lee.pdf"')
    assert viewer.get(f"/leads/{lead['id']}").body == lead
    assert viewer.get("/leads").body == [lead]


@pytest.mark.parametrize("size", [MAX_BYTES + 1, MAX_BYTES + MAX_BODY_BYTES])
def test_one_byte_more_is_rejected_and_nothing_is_stored(
    public: Client, raw_db: RawDatabase, size: int
) -> None:
    rejected = capture(public, file_part(LARGE + bytes(size - MAX_BYTES)))
    assert rejected.status == 413
    assert stored(raw_db) == (0, 0)


def test_size_limit_applies_to_put(agent: Client, lead: dict[str, Any]) -> None:
    assert put(agent, lead, LARGE, "application/pdf").status == 204
    assert put(agent, lead, LARGE + b"\n", "application/pdf").status == 413
    assert put(agent, lead, form(file_part(LARGE + b"\n")), MULTIPART).status == 413


@on_sqlite
@pytest.mark.parametrize("extension", SAMPLES)
def test_every_file_type_is_accepted(public: Client, viewer: Client, extension: str) -> None:
    lead = capture(public, file_part(SAMPLES[extension], f"cv.{extension}")).body
    assert viewer.get(lead["resume"]["url"]).body == SAMPLES[extension]


@pytest.mark.parametrize(
    ("content", "filename"),
    [(HTML, "cv.pdf"), (PDF, "cv.html"), (b"", "cv.pdf"), (bytes(9), "cv.pdf"), (TXT, "")],
)
def test_invalid_resume_stores_nothing(
    public: Client, raw_db: RawDatabase, content: bytes, filename: str
) -> None:
    rejected = capture(public, file_part(content, filename, content_type="application/pdf"))
    assert (rejected.status, fields_in(rejected)) == (422, ["resume"])
    assert stored(raw_db) == (0, 0)


@on_sqlite
def test_unselected_file_is_ignored(public: Client) -> None:
    created = capture(public, file_part(b"", ""))
    assert (created.status, created.body["resume"]) == (201, None)


@pytest.mark.parametrize("text", ["https://example.com/cv.pdf", "I can sew.\r\n北京"])
def test_text_resume_is_stored_as_file(public: Client, viewer: Client, text: str) -> None:
    for lead in (
        public.post("/leads", make_fields(resume=text)).body,
        capture(public, text_part("resume", text)).body,
    ):
        assert lead["resume"]["filename"] == "resume.txt"
        shown = viewer.get(lead["resume"]["url"])
        assert shown.body.decode() == text
        assert shown.headers["Content-Type"] == "text/plain; charset=utf-8"


@on_sqlite
@pytest.mark.parametrize("resume", [5, True, [], "a\0"])
def test_json_of_another_type_is_rejected(public: Client, resume: object) -> None:
    assert fields_in(public.post("/leads", make_fields(resume=resume))) == ["resume"]


def test_lead_without_resume_has_none(viewer: Client, lead: dict[str, Any]) -> None:
    rejected = viewer.get(f"/leads/{lead['id']}/resume")
    assert rejected.status == 404
    assert rejected.body["type"].endswith(":resume-not-found")
    assert viewer.get("/leads/unknown/resume").body["type"].endswith(":lead-not-found")


def test_put_replaces_the_resume(agent: Client, viewer: Client, lead: dict[str, Any]) -> None:
    response = put(agent, lead, form(file_part(PDF, "first.pdf")), MULTIPART)
    assert (response.status, response.headers["ETag"]) == (204, '"2"')
    assert put(agent, lead, b"second", "text/plain", query_string={"filename": "second.txt"}).status == 204
    assert viewer.get(f"/leads/{lead['id']}/resume").body == b"second"
    shown = viewer.get(f"/leads/{lead['id']}").body
    assert (shown["version"], shown["resume"]["filename"]) == (3, "second.txt")
    history = viewer.get(f"/leads/{lead['id']}/history").body
    assert [(entry["action"], entry["changes"]) for entry in history[1:]] == [
        ("resume_added", [{"field": "resume", "from": None, "to": "first.pdf"}]),
        ("resume_added", [{"field": "resume", "from": "first.pdf", "to": "second.txt"}]),
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("headers", "query", "filename"),
    [
        ({}, {}, "resume.pdf"),
        ({"Content-Disposition": 'attachment; filename="a b.pdf"'}, {}, "a b.pdf"),
        ({"Content-Disposition": "attachment; filename*=UTF-8''Zo%C3%AB.pdf"}, {}, "Zoë.pdf"),
        ({"Content-Disposition": 'attachment; filename="a.pdf"'}, {"filename": "北京.pdf"}, "北京.pdf"),
    ],
)
def test_raw_body_can_be_the_file(
    agent: Client, viewer: Client, lead: dict[str, Any], headers: Any, query: Any, filename: str
) -> None:
    assert put(agent, lead, PDF, "application/pdf", headers=headers, query_string=query).status == 204
    assert viewer.get(f"/leads/{lead['id']}").body["resume"]["filename"] == filename


@on_sqlite
@pytest.mark.parametrize(
    ("data", "content_type", "query"),
    [
        (TXT, "application/octet-stream", {}),
        (HTML, "text/plain", {"filename": "cv.docx"}),
        (b"", "application/pdf", {}),
        (form(), MULTIPART, {}),
        (form(file_part(PDF, name="other")), MULTIPART, {}),
        (PDF, "application/pdf", {"name": "cv.pdf"}),
    ],
)
def test_invalid_put_keeps_the_resume(
    agent: Client, raw_db: RawDatabase, lead: dict[str, Any], data: bytes, content_type: str, query: Any
) -> None:
    assert put(agent, lead, data, content_type, query_string=query).status == 422
    assert stored(raw_db) == (1, 0)


def test_if_match_is_checked(agent: Client, lead: dict[str, Any]) -> None:
    for if_match, status in (('"2"', 412), ('"1"', 204), ('"1"', 412), ("*", 204)):
        response = put(agent, lead, PDF, "application/pdf", headers={"If-Match": if_match})
        assert response.status == status


def test_idempotency_key_covers_file(public: Client, raw_db: RawDatabase) -> None:
    key = {"Idempotency-Key": "k"}
    first = capture(public, file_part(PDF), headers=key)
    again = capture(public, file_part(PDF, content_type="application/pdf"), headers=key)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.body == first.body
    assert capture(public, file_part(PDF + b"\n"), headers=key).status == 422
    assert stored(raw_db) == (1, 1)


@on_every_database
def test_erasure_and_export_cover_the_resume(public: Client, admin: Client, raw_db: RawDatabase) -> None:
    lead = capture(public, file_part(b"secret words", "secret name.txt")).body
    exported = admin.get(f"/leads/{lead['id']}/export").body
    assert exported["lead"]["resume"] == lead["resume"]
    assert admin.delete(f"/leads/{lead['id']}").status == 204
    assert stored(raw_db) == (0, 0)
    assert "secret" not in raw_db.dump()
    assert admin.get(f"/leads/{lead['id']}/resume").status == 404


@pytest.mark.parametrize(
    ("filename", "received"),
    [
        ("北京 Zoë.pdf", "北京 Zoë.pdf"),
        ('a"; b=c%41.pdf', 'a"; b=c%41.pdf'),
        ("\uff0e\uff0e\uff0fa\uff3c\u2105.pdf", "\uff0e\uff0e_a__.pdf"),
    ],
)
def test_download_keeps_the_file_name(filename: str, received: str) -> None:
    resume = FileMetadata(filename=filename, content_type="application/pdf", size=0, sha256="")
    with Flask(__name__).test_request_context():
        header = file_response(LeadFile(resume, b"")).headers["Content-Disposition"]
    assert is_harmless_disposition(header)
    assert parse_options_header(header) == ("attachment", {"filename": received})
