"""Pages about requests that the web server rejects before the application handles them."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from wsgiref.types import WSGIEnvironment

from attrs import frozen
from flask import Flask, g, request

from leadtracker.entrypoints.http.capture import EMBEDDED_PARAMETER
from leadtracker.entrypoints.http.middleware.language import use_requested_language
from leadtracker.entrypoints.http.web.rendering.error_pages import bug_texts, error_page, texts_of, wants_page
from leadtracker.entrypoints.wsgi_adapter.errors import ErrorPage, RequestError
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_TEXTS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        408: (
            mark("The transfer took too long"),
            mark("Nothing was stored. Please go back, check your connection, and try again."),
        ),
        414: (mark("The address is too long"), mark("Please go back and shorten what you entered.")),
        431: (
            mark("Your browser sent too much data"),
            mark("Please delete the cookies of this site and try again."),
        ),
        503: (
            mark("The files cannot be stored now"),
            mark("Nothing was stored. Please go back, and try again later or without files."),
        ),
    }
)
"""Headline and advice by the HTTP status; those of other statuses are the same as in the application."""


@frozen
class ServerErrorPages:
    """Renders the page about a request that the web server rejects, in the language of its browser.

    Attributes:
        correct_address: sets the addresses in an environ, such as the path behind a proxy.
        embedding_sites: the sites that may show the form, and so an error after it, in a frame.
    """

    _app: Flask
    _correct_address: Callable[[WSGIEnvironment], None]
    _embedding_sites: Collection[str]

    def __call__(self, environ: WSGIEnvironment, error: RequestError) -> ErrorPage | None:
        """Return the page; None for an API client, which gets a problem document."""
        self._correct_address(environ)
        with self._app.request_context(environ):
            if not wants_page():
                return None
            g.request_id = error.request_id
            use_requested_language()
            response = error_page(
                error.status, *_texts(error), frame_ancestors=" ".join(self._ancestors()) or "'none'"
            )
            return ErrorPage(dict(response.headers), response.get_data())

    def _ancestors(self) -> Collection[str]:
        is_embedded = EMBEDDED_PARAMETER in request.args or request.path.startswith("/form/embed")
        return self._embedding_sites if is_embedded else ()


def _texts(error: RequestError) -> tuple[str, str]:
    if error.status == 500:  # noqa: PLR2004 - the only status without advice
        return bug_texts()
    title, advice = _TEXTS.get(error.status, ("", ""))
    return (_(title), _(advice)) if title else texts_of(error.status)
