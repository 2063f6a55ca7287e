"""Rendering a page."""

from flask import Response, render_template, request

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)


def page(template: str, status: int = 200, *, frame_ancestors: str = "'none'", **context: object) -> Response:
    """A page from a template.

    Args:
        template: its name.
        status: the answer's.
        frame_ancestors: which sites may show the page within their own.
        context: what the template is given.
    """
    headers = {"Content-Security-Policy": f"{_CSP}; frame-ancestors {frame_ancestors}"}
    if frame_ancestors == "'none'":
        headers["X-Frame-Options"] = "DENY"  # for browsers that do not know frame-ancestors
    return Response(
        render_template(template, **context), status, headers, content_type="text/html; charset=utf-8"
    )


def wants_part() -> bool:
    """Whether a script asks for a part of a page, to put it into the page that is shown."""
    return request.headers.get("HX-Request") == "true"
