"""Several files of one submission: the resume, and attachments under any other name."""

from pathlib import Path
from typing import Any

import pytest

from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.multipart import MULTIPART, file_part, form, lead_form, text_part
from tests.support.clients.openapi import Response
from tests.support.database import on_sqlite
from tests.support.examples.sample_files import DOCX, HEIC, JPG, PDF, PNG, TXT, compound_file
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

PARTS = (
    file_part(PDF, "cv.pdf"),
    file_part(DOCX, "certificate.doc"),
    file_part(JPG, "IMG_1.JPG", name="photos[]"),
    file_part(HEIC, "IMG_2.HEIC", name="photos[]"),
    file_part(TXT, "notes.txt", name="notes"),
)


def capture(client: Client, *parts: bytes, **more: Any) -> Response:
    return client.request("POST", "/leads", data=lead_form(*parts), content_type=MULTIPART, **more)


def test_every_file_of_a_form_is_kept_bit_for_bit(public: Client, viewer: Client) -> None:
    lead = capture(public, *PARTS[:4]).body
    assert lead["resume"]["filename"] == "cv.pdf"
    url = f"/leads/{lead['id']}/attachments"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert lead["attachments"] == [
        {
            "id": "1",
            "filename": "certificate.docx",
            "content_type": word,
            "size": len(DOCX),
            "url": f"{url}/1",
        },
        {
            "id": "2",
            "filename": "IMG_1.JPG",
            "content_type": "image/jpeg",
            "size": len(JPG),
            "url": f"{url}/2",
        },
        {
            "id": "3",
            "filename": "IMG_2.HEIC",
            "content_type": "image/heic",
            "size": len(HEIC),
            "url": f"{url}/3",
        },
    ]
    assert viewer.get(f"/leads/{lead['id']}").body == lead
    assert viewer.get("/leads").body == [lead]
    for one, content in zip(lead["attachments"], (DOCX, JPG, HEIC), strict=True):
        shown = viewer.get(one["url"])
        assert (shown.status, shown.body) == (200, content)
        assert shown.headers["Content-Type"] == one["content_type"]
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Content-Security-Policy"] == "sandbox"
        assert shown.headers["Content-Disposition"].startswith(f"attachment; filename={one['filename']}")


@on_sqlite
def test_attachments_need_permission_and_an_id(public: Client, viewer: Client, lead: dict[str, Any]) -> None:
    sent = capture(public, *PARTS[:2], file_part(PNG, "a.png", name="a"))
    url = f"/leads/{sent.body['id']}/attachments"
    assert public.get(f"{url}/1").status == 401
    for path in (
        f"{url}/3",
        f"{url}/resume",
        f"/leads/{lead['id']}/attachments/1",
        "/leads/none/attachments/1",
    ):
        assert viewer.get(path).status == 404


@on_sqlite
def test_a_form_without_a_resume_has_attachments_only(public: Client) -> None:
    lead = capture(public, file_part(PNG, "plan.png", name="plan"), file_part(b"", "", name="resume")).body
    assert lead["resume"] is None
    assert [one["filename"] for one in lead["attachments"]] == ["plan.png"]


@on_sqlite
def test_text_and_file_of_one_name_are_both_kept(public: Client, viewer: Client) -> None:
    lead = capture(public, text_part("resume", "I can sew."), file_part(PDF, "cv.pdf")).body
    assert viewer.get(lead["resume"]["url"]).body == b"I can sew."
    assert viewer.get(lead["attachments"][0]["url"]).body == PDF


@on_sqlite
@pytest.mark.parametrize(
    ("parts", "field", "message"),
    [
        ((*PARTS, file_part(PDF, "sixth.pdf", name="more")), "more", "“sixth.pdf” is one file too many"),
        ((*PARTS, file_part(PDF, "sixth.pdf")), "resume", "“sixth.pdf” is one file too many"),
        (
            (*PARTS[:2], file_part(b"GIF89a", "x.gif", name="logo")),
            "logo",
            "“x.gif” must be a file whose name",
        ),
        ((file_part(b"", "empty.pdf", name="cv"),), "cv", "“empty.pdf” must not be empty"),
        (
            (file_part(compound_file("EncryptedPackage"), "cv.docx"),),
            "resume",
            "“cv.docx” is protected by a password",
        ),
    ],
)
def test_a_file_that_cannot_be_kept_is_named(
    public: Client, raw_db: RawDatabase, parts: tuple[bytes, ...], field: str, message: str
) -> None:
    rejected = capture(public, *parts)
    assert rejected.status == 422
    [error] = rejected.body["errors"]
    assert error["field"] == field
    assert message in error["message"]
    assert raw_db.count("leads") == raw_db.count("lead_files") == 0


@on_sqlite
def test_a_file_that_is_too_large_is_named(public: Client) -> None:
    large = PDF + bytes(10 * 1024 * 1024)
    rejected = capture(public, file_part(PDF, "cv.pdf"), file_part(large, "large.pdf", name="more"))
    assert rejected.status == 413
    assert "large.pdf" in rejected.body["detail"]


@on_sqlite
def test_idempotency_key_covers_every_file(public: Client) -> None:
    header = {"headers": {"Idempotency-Key": "k"}}
    first = capture(public, *PARTS, **header)
    assert capture(public, *PARTS, **header).headers["Idempotent-Replayed"] == "true"
    assert first.status == 201
    assert capture(public, *PARTS[:3], **header).status == 422


@pytest.mark.parametrize("in_objects", [False, True])
def test_erasure_removes_every_file(
    make_container: MakeContainer, tmp_path: Path, raw_db: RawDatabase, *, in_objects: bool
) -> None:
    folder = tmp_path / "objects"
    container = make_container(**{"resumes_url": folder.as_uri()} if in_objects else {})
    public = Client.of(create_app(container))
    lead = capture(public, *PARTS).body
    assert raw_db.count("lead_files") == 5
    assert len(list(folder.rglob("*"))) == (5 if in_objects else 0)
    container.erase_lead()(OPERATOR, lead["id"])
    assert raw_db.count("lead_files") == 0
    assert list(folder.rglob("*")) == []


@on_sqlite
def test_spam_keeps_its_files_until_it_is_released(public: Client, agent: Client, viewer: Client) -> None:
    parts = [text_part("leave_this_empty", "x"), *PARTS]
    assert capture(public, *parts).status == 201
    [quarantined] = agent.get("/quarantine").body
    assert [one["filename"] for one in quarantined["attachments"]] == [
        *("certificate.docx", "IMG_1.JPG", "IMG_2.HEIC", "notes.txt")
    ]
    lead = agent.post(f"/quarantine/{quarantined['id']}/release").body
    contents = [viewer.get(one["url"]).body for one in (lead["resume"], *lead["attachments"])]
    assert contents == [PDF, DOCX, JPG, HEIC, TXT]


@on_sqlite
def test_exports_name_the_files(public: Client, admin: Client) -> None:
    lead = capture(public, *PARTS[:4]).body
    table = admin.get("/leads/export", format="csv").body.decode()
    assert "cv.pdf,certificate.docx; IMG_1.JPG; IMG_2.HEIC" in table
    assert (
        f'"url":"/leads/{lead["id"]}/attachments/3"'
        in admin.get("/leads/export", format="ndjson").body.decode()
    )


@on_sqlite
def test_fields_of_a_form_may_be_in_windows_1252(public: Client) -> None:
    fields = make_fields() | {"last_name": "Müller", "message": "Größe: 5 €"}
    body = form(
        *(text_part(name, "@").replace(b"@", str(text).encode("cp1252")) for name, text in fields.items())
    )
    lead = public.request("POST", "/leads", data=body, content_type=MULTIPART).body
    assert (lead["last_name"], lead["message"]) == ("Müller", "Größe: 5 €")
