"""Requests that the web server rejects: pages for browsers, in their language; nothing for API clients."""

from collections.abc import Mapping

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from leadtracker.entrypoints.http.web.rendering.server_errors import ServerErrorPages
from leadtracker.entrypoints.wsgi_adapter.errors import ErrorPage, RequestError
from leadtracker.i18n.languages import LANGUAGES
from tests.support.clients.public_form import BROWSER
from tests.support.clients.visible_text import untranslated
from tests.support.database import on_sqlite

SITE = "https://www.example.com"
pytestmark = on_sqlite


def rejected(
    app: Flask, status: int, path: str = "/leads", headers: Mapping[str, str] = BROWSER
) -> ErrorPage | None:
    render = ServerErrorPages(app, lambda _environ: None, (SITE,))
    return render(
        EnvironBuilder(path, headers=list(headers.items())).get_environ(), RequestError(status, "A sentence.")
    )


def in_language(app: Flask, status: int, language: str) -> str:
    page = rejected(app, status, headers=BROWSER | {"Accept-Language": f"{language}, it;q=0.5"})
    assert page is not None
    return page.body.decode()


@pytest.mark.parametrize("status", [400, 408, 414, 431, 500, 503])
def test_page_is_entirely_in_the_language_of_the_browser(app: Flask, status: int) -> None:
    english = in_language(app, status, "en")
    for language in LANGUAGES[1:]:
        page = in_language(app, status, language)
        assert f'<html lang="{language}"' in page
        assert untranslated(english, page, "LeadTracker") == set()


def test_api_client_gets_no_page(app: Flask) -> None:
    for accept in ("application/json", "*/*", ""):
        assert rejected(app, 408, headers={"Accept": accept}) is None


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/leads", "To the form"),
        ("/dashboard/import", "To the sign-in page"),
        ("/leads?embedded=1", None),
    ],
)
def test_page_leads_back(app: Flask, path: str, link: str | None) -> None:
    page = rejected(app, 503, path)
    assert page is not None
    assert link in page.body.decode() if link else b"<a " not in page.body


def test_embedded_form_may_show_the_page_in_its_frame(app: Flask) -> None:
    policies = {}
    for path in ("/leads", "/leads?embedded=1"):
        page = rejected(app, 408, path)
        assert page is not None
        policies[path] = page.headers["Content-Security-Policy"]
    assert policies["/leads"].endswith("frame-ancestors 'none'")
    assert policies["/leads?embedded=1"].endswith(f"frame-ancestors {SITE}")
