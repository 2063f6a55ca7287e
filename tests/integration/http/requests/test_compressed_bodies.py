"""A compressed body is rejected as such, not taken for broken JSON or for a form of strange names."""

import gzip

import pytest

from tests.support.builders import make_fields
from tests.support.database import on_sqlite
from tests.support.http import Client

pytestmark = on_sqlite


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip", " GZIP", "no such encoding"])
@pytest.mark.parametrize(
    ("method", "path", "content_type"),
    [
        ("POST", "/leads", "application/json"),
        ("POST", "/leads", "application/x-www-form-urlencoded"),
        ("POST", "/leads", "multipart/form-data; boundary=x"),
        ("PATCH", "/leads/{id}", "application/json"),
        ("PUT", "/leads/{id}/resume", "application/pdf"),
        ("POST", "/leads/import", "text/csv"),
    ],
)
def test_compressed_body_is_rejected(
    admin: Client, method: str, path: str, content_type: str, encoding: str
) -> None:
    created = admin.post("/leads", json=make_fields("ann@example.com"))
    rejected = admin.unchecked(
        method,
        path.format(id=created.body["id"]),
        data=gzip.compress(b'{"first_name": "Ann", "email": "ann@example.org"}'),
        content_type=content_type,
        headers={"Content-Encoding": encoding, "If-Match": created.headers["ETag"]},
    )
    assert (rejected.status, rejected.body["type"]) == (415, "urn:leadtracker:problem:unsupported-media-type")
    assert "Content-Encoding" in rejected.body["detail"]


@pytest.mark.parametrize("encoding", ["identity", "", " Identity "])
def test_body_that_is_called_uncompressed_is_read(public: Client, encoding: str) -> None:
    sent = public.post("/leads", json=make_fields("ann@example.com"), headers={"Content-Encoding": encoding})
    assert sent.status == 201
