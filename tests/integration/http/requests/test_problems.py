"""Malformed requests are reported as problem documents."""

from collections.abc import Iterator
from encodings.aliases import aliases

import pytest
from flask import Flask

from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from tests.support.builders import make_fields
from tests.support.database import on_sqlite
from tests.support.examples.cases import each
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data"
pytestmark = on_sqlite


@pytest.fixture(autouse=True)
def nothing_is_stored(raw_db: RawDatabase) -> Iterator[None]:
    yield
    assert raw_db.count("leads") == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"first_name": "Ann"',
        b"{'first_name': 'Ann'}",
        b'{"first_name": NaN}',
        b'{"first_name": 1e400, "last_name": NaN}',
        b'{"first_name": 1e400, "last_name": -Infinity}',
        b'{"first_name": 1e400',
        b'{"first_name": 1e400, "last_name": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"a": 1} {"b": 2}',
        b'{"first_name": "\x81\x8d\x8f\x90"}',
        b'\xef\xbb\xbf{"first_name": "\xff"}',
        '{"first_name": "Ann"}'.encode("utf-16")[:-1],
        b'{"a": "line\nbreak"}',
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b"first_name=Ann",
    ],
)
def test_invalid_json_is_malformed(public: Client, body: bytes) -> None:
    rejected = public.post("/leads", data=body, content_type=JSON)
    assert rejected.status == 400
    assert rejected.body["type"].endswith(":bad-request")


def test_malformed_json_reports_the_position(public: Client) -> None:
    rejected = public.post("/leads", data=b'{"email":\n "secret@example.com",,}', content_type=JSON)
    assert "line 2" in rejected.body["detail"]
    assert "secret" not in str(rejected.body)


@pytest.mark.parametrize(
    "body",
    [
        b"first_name=%81%8D%8F%90",
        b"\x81\x8d\x8f\x90=1",
        b"%81%8d%8f%90=1",
        b"&".join(b"a=1" for _ in range(1_001)),
    ],
)
def test_invalid_form_is_malformed(public: Client, body: bytes) -> None:
    assert public.post("/leads", data=body, content_type=FORM).status == 400


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/html",
        "application/xml",
        "application/json-patch+json",
        "json",
        "*/*",
        f"{JSON}; charset=klingon",
        f"{JSON}; charset=base64",
    ],
)
def test_another_type_is_rejected(public: Client, content_type: str | None) -> None:
    rejected = public.post("/leads", data=b'{"first_name": "Ann"}', content_type=content_type)
    assert rejected.status == 415
    assert rejected.body["type"].endswith(":unsupported-media-type")


def test_unknown_charset_of_a_form_is_rejected(public: Client) -> None:
    content_type = f"{FORM}; charset=klingon"
    assert public.post("/leads", data=b"first_name=Zo%EB", content_type=content_type).status == 415


@pytest.mark.parametrize("content_type", [JSON, FORM, f"{MULTIPART}; boundary=x"])
@each("charset", sorted(set(aliases.values())))
def test_no_charset_fails(public: Client, content_type: str, charset: str) -> None:
    text = "Zoë\0+%00%FE%FF".encode()
    part = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
    body = {
        JSON: b'{"first_name": "%b"}' % text,
        FORM: b"first_name=%b&%%FF%%FE=%%D8" % text,
    }.get(content_type, part % (b"first_name", text) + part % (b"\xfe", b"\xd8") + b"--x--\r\n")
    rejected = public.unchecked(
        "POST", "/leads", data=body, content_type=f"{content_type}; charset={charset}"
    )
    assert rejected.status in {400, 415, 422}


@pytest.mark.parametrize("content_type", [JSON, FORM])
def test_body_over_limit_is_rejected(public: Client, content_type: str) -> None:
    rejected = public.post("/leads", data=b" " * (MAX_BODY_BYTES + 1), content_type=content_type)
    assert rejected.status == 413
    assert rejected.body["type"].endswith(":request-entity-too-large")


def test_body_at_the_limit_is_accepted(public: Client) -> None:
    assert public.post("/leads", data=b" " * MAX_BODY_BYTES, content_type=JSON).status == 400


@pytest.mark.parametrize(
    ("announced", "status"),
    [(str(MAX_BODY_BYTES + 1), 413), ("9" * 30, 413), ("3", 400), ("100", 400)],
)
def test_body_must_match_content_length(public: Client, announced: str, status: int) -> None:
    announcing = {"CONTENT_LENGTH": announced}
    rejected = public.post("/leads", data=b"{}", content_type=JSON, environ_overrides=announcing)
    assert rejected.status == status


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/leads", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("PUT", "/leads", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("POST", "/leads/some-id", {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"}),
        ("GET", "/leads/import", {"OPTIONS", "POST"}),
        ("POST", "/leads/export", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/leads/export", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/reports/weekly/2026-W46/send", {"OPTIONS", "POST"}),
        ("POST", "/reports/weekly", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("TRACE", "/docs", {"GET", "HEAD", "OPTIONS"}),
        ("BREW", "/leads", {"GET", "HEAD", "OPTIONS", "POST"}),
    ],
)
def test_method_error_lists_allowed_methods(
    public: Client, method: str, path: str, allowed: set[str]
) -> None:
    rejected = public.request(method, path)
    assert rejected.status == 405
    assert set(rejected.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/Leads",
        "/leads/a/b",
        "/leads/..",
        "/leads/a%20b",
        "/leads/%00",
        "/leads/é",
        "/leads/" + "x" * 65,
        "/leads/x;y",
        "/docs/../settings.py",
        "/docs/nothing.css",
        "/docs/%2e%2e%2fsettings.py",
        "/static/x",
        "/reports",
        "/reports/weekly/2026-W46/again",
    ],
)
def test_unknown_path_is_not_found(admin: Client, path: str) -> None:
    response = admin.request("GET", path)
    assert response.status == 404
    assert response.body["type"].endswith("not-found")


@pytest.mark.parametrize("path", ["/leads/unknown", "/leads/-", "/leads/" + "x" * 64])
def test_unknown_lead_is_not_found(viewer: Client, path: str) -> None:
    missing = viewer.get(path)
    assert missing.status == 404
    assert missing.body["type"] == "urn:leadtracker:problem:lead-not-found"


@pytest.mark.parametrize("path", ["/leads", "/leads/x", "/healthz", "/docs"])
def test_options_lists_the_methods(app: Flask, path: str) -> None:
    response = app.test_client().options(path)
    assert response.status_code == 200
    assert "GET" in response.headers["Allow"]


def test_trailing_slash_is_accepted(viewer: Client) -> None:
    assert viewer.unchecked("GET", "/leads/").status == 200
    assert viewer.unchecked("POST", "/leads/", json=make_fields()).status == 403


@pytest.mark.parametrize("path", ["/leads", "/leads/unknown", "/leads/export", "/healthz", "/openapi.json"])
def test_head_equals_get_without_body(app: Flask, path: str) -> None:
    client = app.test_client()
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.data) == (get.status_code, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize("host", ["a b", "x:99999", "<script>"])
def test_host_that_is_none_is_rejected(public: Client, host: str) -> None:
    rejected = public.unchecked("POST", "/leads", {"Host": host}, json=make_fields())
    assert rejected.status == 400
