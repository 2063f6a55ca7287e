"""Malicious uploads are rejected, or stored without harm."""

import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.clients.multipart import BOUNDARY, MULTIPART, file_part, form, lead_form, text_part
from tests.support.clients.openapi import Response
from tests.support.database import on_sqlite
from tests.support.examples.cases import each
from tests.support.examples.hostile_input import hostile_names, is_harmless_disposition
from tests.support.examples.sample_files import PDF, zip_bomb, zip_with_many_entries
from tests.support.examples.thoroughness import examples
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

pytestmark = on_sqlite

MEBIBYTE = 1024 * 1024

every_hostile_name = each("name", hostile_names(100))


def send(client: Client, body: bytes, content_type: str = MULTIPART, **more: Any) -> Response:
    return client.request("POST", "/leads", data=body, content_type=content_type, **more)


def files_in(*folders: Path) -> set[Path]:
    return {path for folder in folders for path in folder.rglob("*") if "leadtracker.db" not in path.name}


@every_hostile_name
def test_hostile_file_name_is_harmless(
    public: Client, viewer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    spools = tmp_path / "spools"
    spools.mkdir(exist_ok=True)
    monkeypatch.setattr(tempfile, "tempdir", str(spools))
    before = files_in(tmp_path)
    created = send(public, lead_form(file_part(PDF + bytes(MEBIBYTE), f"{name}.pdf")))
    assert files_in(tmp_path) == before
    assert created.status in {201, 400, 413, 422}  # a quote in a name can make the file a long text
    if created.status == 201 and created.body["resume"]:
        check_harmless(viewer.get(created.body["resume"]["url"]))


@every_hostile_name
def test_hostile_query_file_names_are_harmless(
    agent: Client, viewer: Client, lead: dict[str, Any], name: str
) -> None:
    url = f"/leads/{lead['id']}/resume"
    query = {"filename": f"{name}.pdf"}
    replaced = agent.request("PUT", url, data=PDF, content_type="application/pdf", query_string=query)
    assert replaced.status == 204
    check_harmless(viewer.get(url))


def check_harmless(response: Response) -> None:
    [disposition] = response.headers.getlist("Content-Disposition")
    assert "Set-Cookie" not in response.headers
    assert is_harmless_disposition(disposition)


def test_zip_bomb_is_stored_unopened(public: Client, viewer: Client) -> None:
    bomb = zip_bomb()
    tracemalloc.start()
    try:
        created = send(public, lead_form(file_part(bomb, "cv.docx")))
        assert viewer.get(created.body["resume"]["url"]).body == bomb
        assert tracemalloc.get_traced_memory()[1] < 10 * MEBIBYTE
    finally:
        tracemalloc.stop()


def test_a_zip_of_countless_names_is_rejected(public: Client, raw_db: RawDatabase) -> None:
    archive = zip_with_many_entries()
    assert send(public, lead_form(file_part(archive, "cv.docx"))).status == 422
    assert raw_db.count("leads") == 0


def test_first_text_of_a_name_counts(public: Client, viewer: Client) -> None:
    others = (
        file_part(PDF, "first.pdf"),
        text_part("first_name", "Bob"),
        file_part(b"x", "x.txt", name="last_name"),
    )
    lead = send(public, lead_form(*others)).body
    assert (lead["first_name"], lead["last_name"], lead["resume"]["filename"]) == ("Ann", "Lee", "first.pdf")
    assert [one["filename"] for one in lead["attachments"]] == ["x.txt"]
    assert viewer.get(lead["resume"]["url"]).body == PDF


@pytest.mark.parametrize(
    "body",
    [
        b"x",
        b"--" + BOUNDARY.encode(),
        form(b"--" + BOUNDARY.encode() + b"\r\nContent-Type: x/y\r\n\r\nx\r\n"),
        form(b"--" + BOUNDARY.encode() + b"\r\n\xff\xfe: x\r\n\r\nx\r\n"),
        lead_form(file_part(PDF))[:-6],
        lead_form(file_part(PDF))[:-60],
        lead_form().replace(b"Ann", "Иван".encode("cp1251")),
    ],
)
def test_malformed_form_is_rejected(public: Client, raw_db: RawDatabase, body: bytes) -> None:
    assert send(public, body).status == 400
    assert raw_db.count("leads") == 0


@pytest.mark.parametrize("length", [1, 70, 71, 74, 200])
def test_long_boundary_is_accepted(public: Client, length: int) -> None:
    boundary = "x" * length
    body = lead_form().replace(BOUNDARY.encode(), boundary.encode())
    assert send(public, body, f"multipart/form-data; boundary={boundary}").status == 201


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=", 400),
        (f"multipart/form-data; boundary={'x' * 201}", 400),
        (f"{MULTIPART}; charset=klingon", 415),
        (MULTIPART.replace("form-data", "mixed"), 415),
    ],
)
def test_form_charset_is_respected(public: Client, content_type: str, status: int) -> None:
    assert send(public, lead_form(), content_type).status == status


@pytest.mark.parametrize(
    "body",
    [
        form(*[text_part(f"f{number}", "") for number in range(1_001)]),
        lead_form(text_part("message", "x" * 300_000)),
        lead_form(text_part("x", "x" * 150_000), text_part("y", "x" * 150_000)),
        b"--%b\r\n%b" % (BOUNDARY.encode(), b"X-A: b\r\n" * 50_000),
        b"x" * 300_000,
        lead_form() + b"x" * 300_000,
    ],
)
def test_every_part_has_a_limit(public: Client, raw_db: RawDatabase, body: bytes) -> None:
    assert send(public, body).status == 413
    assert raw_db.count("leads") == 0


def test_a_form_that_does_not_say_how_long_it_is_is_rejected(public: Client, lead: dict[str, Any]) -> None:
    endless: dict[str, Any] = {
        "headers": {"Transfer-Encoding": "chunked"},
        "environ_overrides": {"CONTENT_LENGTH": ""},
    }
    assert send(public, lead_form(), **endless).status == 411
    assert lead


def test_an_announced_gigabyte_is_rejected_at_once(public: Client) -> None:
    assert send(public, b"", environ_overrides={"CONTENT_LENGTH": str(1024**3)}).status == 413


def test_full_disk_stores_nothing(
    public: Client, raw_db: RawDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assert send(public, lead_form(file_part(PDF + bytes(MEBIBYTE)))).status == 503
    assert raw_db.count("leads") == 0


@settings(
    max_examples=examples(75),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_damaged_forms_are_rejected_or_kept(public: Client, raw_db: RawDatabase, data: st.DataObject) -> None:
    body = bytearray(lead_form(file_part(PDF)))
    for _ in range(data.draw(st.integers(1, 5))):
        position = data.draw(st.integers(0, len(body)))
        body[position : position + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    before = raw_db.count("leads")
    status = send(public, bytes(body)).status
    assert status in {201, 400, 413, 422}
    assert raw_db.count("leads") == before + (status == 201)
