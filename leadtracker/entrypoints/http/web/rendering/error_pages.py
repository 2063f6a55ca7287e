"""Error pages: each exception as a page, or as a message if htmx requested a part of a page."""

import structlog
from flask import Blueprint, Response, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import AuthenticationFailed, LeadTrackerError
from leadtracker.entrypoints.http.middleware.problems import error_response_for
from leadtracker.entrypoints.http.web.rendering.page import page, wants_part

_OUTDATED = (
    "This page was open for too long, or you have signed in again since. Please reload it and try again."
)


def install_error_pages(blueprint: Blueprint) -> None:
    """Show every exception of the blueprint's views as a page; redirect to the sign-in page if needed."""
    blueprint.register_error_handler(AuthenticationFailed, _ask_to_sign_in)
    blueprint.register_error_handler(LeadTrackerError, _handle_domain_error)
    blueprint.register_error_handler(HTTPException, _show_http_error)
    blueprint.register_error_handler(CSRFError, _show_csrf_error)
    blueprint.register_error_handler(Exception, _show_unexpected_error)


def error_page(status: int, title: str, detail: str | None = None) -> Response:
    """Render an error page, or only its message if htmx requested a part of a page.

    Args:
        status: the HTTP status.
        title: the headline.
        detail: a whole sentence.
    """
    if not wants_part():
        return page("error.html", status, title=title, detail=detail)
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
    response = error_page(error_response.status, error_response.title, str(error))
    response.headers.extend(error_response.headers)
    return response


def _show_http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:  # noqa: PLR2004 - redirects are raised, too
        return error
    response = error_page(error.code, error.name, error.description)
    response.headers.extend([item for item in error.get_headers() if item[0] in {"Allow", "Retry-After"}])
    return response


def _show_csrf_error(_error: CSRFError) -> Response:
    return error_page(403, "Please try again", _OUTDATED)


def log_unexpected_error(error: Exception) -> None:
    """Log an exception that no error handler expects, with its traceback."""
    structlog.get_logger(__name__).exception("unhandled exception", exc_info=error)


def _show_unexpected_error(error: Exception) -> Response:
    log_unexpected_error(error)
    return error_page(
        500, "Something went wrong here", f"Quote this number when you report the problem: {g.request_id}"
    )
