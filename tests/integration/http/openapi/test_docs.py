"""``/docs`` works offline, and loads files of the same origin only."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from leadtracker.entrypoints.http import docs
from leadtracker.entrypoints.http.docs import document
from leadtracker.entrypoints.http.docs.document import openapi_document
from tests.support.database import on_sqlite
from tests.support.http import Client
from tests.support.instruments.concurrency import run_in_threads

ASSETS = {
    "docs.css": "text/css",
    "docs.js": "text/javascript",
    "icon.png": "image/png",
    "swagger-ui.css": "text/css",
    "swagger-ui.js": "text/javascript",
}

pytestmark = on_sqlite


class _Links(HTMLParser):
    """Collects the URLs that a page loads, and its inline scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"src", "href"} and value:
                self.links.append(value)
            if name == "style" or name.startswith("on"):
                self.inline.append(name)
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.inline.append(tag)


@pytest.fixture
def page(public: Client) -> _Links:
    links = _Links()
    links.feed(public.get("/docs").body.decode())
    return links


def test_page_loads_only_local_files(public: Client, page: _Links) -> None:
    assert page.links
    for link in page.links:
        assert re.fullmatch(r"/[a-z][a-z./-]*", link)
        assert public.unchecked("GET", link).status == 200


def test_page_has_no_inline_script(page: _Links) -> None:
    assert page.inline == []


def test_csp_forbids_other_origins(public: Client) -> None:
    policy = dict(
        part.strip().split(" ", 1)
        for part in public.get("/docs").headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert not any("http" in value or "*" in value for value in policy.values())


@pytest.mark.parametrize(("name", "content_type"), ASSETS.items())
def test_static_files_are_served(public: Client, name: str, content_type: str) -> None:
    response = public.unchecked("GET", f"/docs/{name}")
    assert (response.status, response.content_type) == (200, content_type)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.body


def test_static_files_are_cacheable(app: Flask) -> None:
    client = app.test_client()
    with client.get("/docs/swagger-ui.js") as first:
        assert "max-age" in first.headers["Cache-Control"]
        etag = first.headers["ETag"]
    with client.get("/docs/swagger-ui.js", headers={"If-None-Match": etag}) as second:
        assert (second.status_code, second.data) == (304, b"")


def test_page_shows_openapi_document(public: Client) -> None:
    script = public.unchecked("GET", "/docs/docs.js").body.decode()
    assert '"/openapi.json"' in script
    assert "validatorUrl: null" in script


def test_first_requests_for_the_document_build_it_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[dict[str, Any]] = []

    def build() -> dict[str, Any]:
        built.append(openapi_document())
        return built[-1]

    monkeypatch.setattr(document, "openapi_document", build)
    docs._document.cache_clear()  # noqa: SLF001 - another test may have built it
    statuses = run_in_threads(8, lambda _: app.test_client().get("/openapi.json").status_code)
    assert (statuses, len(built)) == ([200] * 8, 1)
