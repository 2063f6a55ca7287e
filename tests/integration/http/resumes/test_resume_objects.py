"""Resumes in a folder and in S3, over HTTP."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from dependency_injector import providers

from leadtracker.adapters.storage.s3_object_store import S3ObjectStore
from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.app import create_app
from tests.contracts.intake.file_store import LARGE
from tests.integration.http.conftest import Accounts, MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.multipart import MULTIPART, file_part, lead_form
from tests.support.clients.openapi import Response
from tests.support.database import on_every_database, on_sqlite
from tests.support.examples.hostile_input import hostile_names
from tests.support.examples.sample_files import DOCX, JPG, PDF
from tests.support.http import Client
from tests.support.raw_database import RawDatabase
from tests.support.servers.s3 import S3Place

Contents = Callable[[], list[bytes]]
RESUMES = "resumes"


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Contents]:
    """The storage of resumes: its setting and the stored objects."""
    folder = tmp_path / RESUMES
    if request.param == "folder":
        return folder.as_uri(), lambda: [path.read_bytes() for path in folder.glob("*")]
    s3: S3Place = request.getfixturevalue("s3")
    return s3.url, lambda: list(s3.objects().values())


@pytest.fixture
def contents(storage: tuple[str, Contents]) -> Contents:
    return storage[1]


@pytest.fixture
def container(make_container: MakeContainer, storage: tuple[str, Contents]) -> Container:
    return make_container(resumes_url=storage[0])


def capture(client: Client, *parts: bytes, **more: str) -> Response:
    return client.request("POST", "/leads", data=lead_form(*parts), content_type=MULTIPART, headers=more)


def check_unavailable(response: Response) -> None:
    assert response.status == 503
    assert int(response.headers["Retry-After"]) >= 10
    assert response.body["type"] == "urn:leadtracker:problem:resume-storage-unavailable"


@on_every_database
def test_large_resume_round_trips_as_object(
    public: Client, viewer: Client, raw_db: RawDatabase, contents: Contents
) -> None:
    lead = capture(public, file_part(LARGE, "Ann Lee.pdf")).body
    assert contents() == [LARGE]
    assert raw_db.execute("SELECT length(content), size FROM lead_files") == [(0, len(LARGE))]
    shown = viewer.get(lead["resume"]["url"])
    assert (shown.status, shown.body == LARGE) == (200, True)
    assert viewer.get(f"/leads/{lead['id']}").body == lead


@on_every_database
def test_erasure_leaves_no_object(
    public: Client, admin: Client, raw_db: RawDatabase, contents: Contents
) -> None:
    lead = capture(public, file_part(PDF), **{"Idempotency-Key": "k"}).body
    assert capture(public, file_part(PDF), **{"Idempotency-Key": "k"}).body == lead
    assert contents() == [PDF]
    url = f"/leads/{lead['id']}"
    put = admin.request("PUT", f"{url}/resume", data=b"canary", content_type="text/plain")
    assert (put.status, contents()) == (204, [b"canary"])
    assert admin.get(f"{url}/resume").body == b"canary"
    assert admin.delete(url).status == 204
    assert (contents(), raw_db.count("lead_files"), raw_db.count("orphan_objects")) == ([], 0, 0)


def test_rejected_upload_leaves_nothing(public: Client, agent: Client, contents: Contents) -> None:
    capture(public, file_part(PDF))
    assert capture(agent, file_part(b"other", "other.txt")).status == 409
    assert contents() == [PDF]


def test_missing_object_is_reported(
    public: Client, viewer: Client, container: Container, raw_db: RawDatabase
) -> None:
    lead = capture(public, file_part(PDF)).body
    [[key]] = raw_db.execute("SELECT object_key FROM lead_files")
    objects = container.objects()
    assert objects is not None
    objects.delete(key)
    missing = viewer.get(lead["resume"]["url"])
    assert (missing.status, missing.body["type"]) == (503, "urn:leadtracker:problem:resume-missing")
    assert viewer.get(f"/leads/{lead['id']}").status == 200


def test_older_resumes_stay_in_database(
    make_container: MakeContainer, public: Client, viewer: Client, contents: Contents
) -> None:
    before = Client.of(create_app(make_container()))
    lead = capture(before, file_part(PDF)).body
    assert contents() == []
    assert viewer.get(lead["resume"]["url"]).body == PDF
    assert capture(public, file_part(b"new", "new.txt")).status == 201
    assert contents() == [b"new"]


@on_sqlite
@pytest.mark.parametrize("storage", ["folder"], indirect=True)
def test_file_name_cannot_escape_folder(public: Client, tmp_path: Path) -> None:
    def files() -> set[Path]:
        return {path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != RESUMES}

    capture(public)
    before = files()
    statuses = {capture(public, file_part(PDF, f"{name}.pdf")).status for name in hostile_names(300)}
    assert statuses <= {201, 400, 422}
    kept = list((tmp_path / RESUMES).iterdir())
    assert len(kept) > 100
    # A line break in a name ends the header that has it; then the file begins with the rest of the header.
    assert all(path.read_bytes().endswith(PDF) for path in kept)
    assert files() == before


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port whose server accepts connections and never responds."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@on_sqlite
@pytest.mark.parametrize("storage", ["s3"], indirect=True)
@pytest.mark.parametrize("fault", ["away", "hanging"])
def test_while_s3_does_not_answer_only_files_are_rejected(
    make_container: MakeContainer,
    public: Client,
    accounts: Accounts,
    raw_db: RawDatabase,
    s3: S3Place,
    monkeypatch: pytest.MonkeyPatch,
    silent_port: int,
    fault: str,
) -> None:
    lead = capture(public, file_part(PDF)).body
    port = 1 if fault == "away" else silent_port
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    container = make_container(resumes_url=s3.url)
    container.objects.override(providers.Object(S3ObjectStore(s3.url, timedelta(seconds=0.5))))
    public = Client.of(create_app(container))
    check_unavailable(capture(public, file_part(b"new", "new.txt")))
    assert raw_db.count("leads") == 1
    assert public.post("/leads", make_fields("bob@example.com")).status == 201
    viewer = public.with_headers(accounts.credentials(Role.VIEWER))
    check_unavailable(viewer.get(lead["resume"]["url"]))
    assert raw_db.count("orphan_objects") == 1


@on_every_database
def test_several_files_are_objects_until_the_person_is_erased(
    public: Client, admin: Client, contents: Contents
) -> None:
    sent = {"cv.pdf": PDF, "certificate.docx": DOCX, "IMG_1.jpg": JPG}
    parts = [file_part(content, name, name=name[:2]) for name, content in sent.items()]
    lead = capture(public, *parts, file_part(LARGE, "plan.pdf")).body
    stored = [*lead["attachments"], lead["resume"]]
    assert [one["filename"] for one in stored] == [*sent, "plan.pdf"]
    assert [admin.get(one["url"]).body for one in stored] == [*sent.values(), LARGE]
    assert sorted(contents()) == sorted([*sent.values(), LARGE])
    assert admin.get(f"/leads/{lead['id']}/export").body["lead"]["attachments"] == lead["attachments"]
    assert admin.delete(f"/leads/{lead['id']}").status == 204
    assert contents() == []
