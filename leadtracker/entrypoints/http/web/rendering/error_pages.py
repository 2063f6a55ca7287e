"""Error pages: each exception as a page, or as a message if htmx requested a part of a page."""

from collections.abc import Mapping
from types import MappingProxyType

import structlog
from flask import Blueprint, Flask, Response, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import AuthenticationFailed, LeadTrackerError
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.middleware.language import use_dashboard_language
from leadtracker.entrypoints.http.middleware.problems import error_response_for, handle_http_error
from leadtracker.entrypoints.http.web.rendering.page import page, wants_part
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_OUTDATED = mark(
    "This page was open for too long, or you have signed in again since. Please reload it and try again."
)
_BUG = mark("Quote this number when you report the problem: %(number)s")
_LATER = mark("Nothing was lost. Please try again in a few seconds.")
_TEXTS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        400: (mark("The request cannot be read"), mark("Please go back and try again.")),
        403: (
            mark("Not allowed"),
            mark("Your role does not include this. An admin can give you a role that does."),
        ),
        404: (
            mark("Page not found"),
            mark("The address is wrong, or what it showed no longer exists."),
        ),
        405: (mark("Page not found"), mark("This address cannot be opened directly.")),
        409: (mark("This is not possible now"), mark("Please reload the page and try again.")),
        412: (
            mark("Another user has changed this"),
            mark("Please reload the page and try again."),
        ),
        413: (mark("The file is too large"), mark("Please choose a smaller one.")),
        422: (mark("Some fields are invalid"), mark("Please go back and correct them.")),
        429: (mark("Too many requests"), mark("Please try again later.")),
        503: (mark("The storage does not respond"), _LATER),
    }
)
"""Headline and advice by the HTTP status of an error."""

_TEXTS_BY_CODE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "lead-not-found": (
            mark("Lead not found"),
            mark("The address is wrong, or the lead was erased."),
        ),
        "quarantined-lead-not-found": (
            mark("No longer in quarantine"),
            mark("Another user has released or discarded it, or it was deleted after 90 days."),
        ),
        "resume-missing": (
            mark("The file cannot be found"),
            mark("Its content is missing from the storage. Please report this to the operator."),
        ),
        "week-not-closed": (
            mark("This week has not ended"),
            mark("A week can be sent when it is over and has been counted."),
        ),
        "week-too-old": (
            mark("This week is too old"),
            mark("It lies before the first week that was counted."),
        ),
    }
)
"""Headline and advice by the code of an error, where the status says too little."""


def install_error_pages(blueprint: Blueprint) -> None:
    """Show every exception of the blueprint's views as a page; redirect to the sign-in page if needed."""
    blueprint.register_error_handler(AuthenticationFailed, _ask_to_sign_in)
    blueprint.register_error_handler(LeadTrackerError, _handle_domain_error)
    blueprint.register_error_handler(HTTPException, _show_http_error)
    blueprint.register_error_handler(CSRFError, _show_csrf_error)
    blueprint.register_error_handler(Exception, _show_unexpected_error)


def install_page_of_unknown_addresses(app: Flask, login_sessions: LoginSessions) -> None:
    """Show a page to browsers that open an address that is unknown, or only receives forms.

    API clients get a problem document.

    Below ``/dashboard`` a signed-in user sees a page of the dashboard.
    """

    def show(error: NotFound | MethodNotAllowed) -> Response | HTTPException:
        if request.url_rule is not None or not wants_page():
            return handle_http_error(error)
        actor = _signed_in_user(login_sessions) if request.path.startswith("/dashboard") else None
        if actor is None:
            return _show_http_error(error)
        use_dashboard_language()
        g.actor = actor
        title, detail = texts_of(error.code)
        return page("error.html", error.code, title=title, detail=detail, actor=actor, Permission=Permission)

    app.register_error_handler(NotFound, show)
    app.register_error_handler(MethodNotAllowed, show)


def _signed_in_user(login_sessions: LoginSessions) -> Actor | None:
    """Return the user of the session; None without one, or if the storage does not respond."""
    try:
        return login_sessions.actor()
    except LeadTrackerError:
        return None


def error_page(
    status: int, title: str, detail: str | None = None, frame_ancestors: str = "'none'"
) -> Response:
    """Render an error page, or only its message if htmx requested a part of a page.

    Args:
        status: the HTTP status.
        title: the headline.
        detail: a whole sentence.
        frame_ancestors: the sites that may show the page in a frame.
    """
    if not wants_part():
        is_embedded = frame_ancestors != "'none'"
        context = {"title": title, "detail": detail, "is_embedded": is_embedded}
        return page("error.html", status, frame_ancestors=frame_ancestors, **context)
    response = page("message.html", status, title=title, detail=detail)
    response.headers |= {
        "HX-Retarget": "#messages",
        "HX-Reswap": "innerHTML",
        "HX-Reselect": ".message",  # overrides the part that the request selected
    }
    return response


def _ask_to_sign_in(_error: AuthenticationFailed) -> AnyResponse:
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    sign_in = url_for("sign_in.form", next=here)
    if wants_part():
        return Response(status=204, headers={"HX-Redirect": url_for("sign_in.form")})
    return redirect(sign_in, 303)


def _handle_domain_error(error: LeadTrackerError) -> Response:
    error_response = error_response_for(type(error))
    if error_response is None:
        return _show_unexpected_error(error)
    if error_response.status >= 500:  # noqa: PLR2004 - the server's side of HTTP
        structlog.get_logger(__name__).warning(
            "request rejected", error=str(error), cause=repr(error.__cause__)
        )
    response = error_page(error_response.status, *texts_of(error_response.status, error.code))
    response.headers.extend(error_response.headers)
    return response


def _show_http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:  # noqa: PLR2004 - redirects are raised, too
        return error
    response = error_page(error.code, *texts_of(error.code))
    response.headers.extend([item for item in error.get_headers() if item[0] in {"Allow", "Retry-After"}])
    return response


def _show_csrf_error(_error: CSRFError) -> Response:
    return error_page(403, _("Please try again"), _(_OUTDATED))


def log_unexpected_error(error: Exception) -> None:
    """Log an exception that no error handler expects, with its traceback."""
    structlog.get_logger(__name__).exception("unhandled exception", exc_info=error)


def _show_unexpected_error(error: Exception) -> Response:
    log_unexpected_error(error)
    return error_page(500, *bug_texts())


def wants_page() -> bool:
    """Return true if the client of the request prefers HTML to JSON, as browsers do."""
    accepts = request.accept_mimetypes
    return accepts["text/html"] > accepts["application/json"]


def bug_texts() -> tuple[str, str]:
    """Return headline and advice after an error that no error handler expects."""
    return _("Something went wrong here"), _(_BUG, number=g.request_id)


def texts_of(status: int, code: str = "") -> tuple[str, str]:
    """Return headline and advice by the HTTP status and the code of an error."""
    title, advice = _TEXTS_BY_CODE.get(code) or _TEXTS.get(status, _TEXTS[400])
    return _(title), _(advice)
