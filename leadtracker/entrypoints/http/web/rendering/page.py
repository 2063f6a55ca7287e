"""Responses of pages: templates with their security headers, and redirects and messages after forms."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.globals import request_ctx
from werkzeug.wrappers import Response as AnyResponse

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
CSRF_FIELD = "csrf_token"
CONFIRMATION_FIELD = "confirmation"
"""The field with which a form that was interrupted is sent again: the user's password or a code."""

ASKS_FIELD = "asks"
"""The field of a form that no script has asked about, so that a page asks before what cannot be undone."""


def page(template: str, status: int = 200, *, frame_ancestors: str = "'none'", **context: object) -> Response:
    """Render a template into a response.

    Args:
        template: the template's file name.
        status: the HTTP status.
        frame_ancestors: the sites that may embed the page in a frame, as Content-Security-Policy lists them.
        context: the template's variables; ``address`` is the URL that shows the page again, if it answers
            a form whose own URL does not.
    """
    context.setdefault("address", _address())
    headers = {"Content-Security-Policy": f"{_CSP}; frame-ancestors {frame_ancestors}"}
    if frame_ancestors == "'none'":
        headers["X-Frame-Options"] = "DENY"  # for browsers that do not know frame-ancestors
    return Response(
        render_template(template, **context), status, headers, content_type="text/html; charset=utf-8"
    )


def wants_part() -> bool:
    """Return true if htmx requests a part of a page, to insert it into the page that the browser shows."""
    return request.headers.get("HX-Request") == "true"


def form_fields() -> dict[str, str]:
    """Return the first value of each field of the request's form, without those that every form may have."""
    own = {CSRF_FIELD, CONFIRMATION_FIELD, ASKS_FIELD}
    return {name: value for name, value in request.form.items() if name not in own}


def redirect_with_message(
    endpoint: str, message: str, category: str = "success", **values: Any
) -> AnyResponse:
    """Redirect to a page that shows a message, so that reloading that page does not send the form again.

    Args:
        endpoint: the endpoint of the page.
        message: a whole sentence.
        category: ``success``, ``warning`` or ``error``; the CSS class of the message.
        values: the URL parameters of the endpoint.
    """
    flash(message, category)
    return redirect(url_for(endpoint, **values), 303)


def dashboard_target(next_url: str | None) -> str:
    """Return the URL to open after signing in: ``next_url`` if it is a path of the dashboard."""
    path = next_url or ""
    # A path with this prefix has neither scheme nor host, so no URL has to be parsed.
    is_ours = path.startswith("/dashboard") and "\\" not in path
    return path if is_ours and path.isprintable() else url_for("dashboard.index")


def _address() -> str | None:
    """Return the URL under which a page that answers a form can be opened again; None if there is none.

    A browser asks to send the form again if a user returns to such a page, unless a script replaces its
    entry in the history.
    """
    adapter = request_ctx.url_adapter
    return request.path if adapter is not None and adapter.test(method="GET") else None
