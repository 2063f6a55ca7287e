"""A form that was sent after its session was over: the pages of signing in hold it until it can be sent."""

import json

from flask import Response, g, request
from flask_wtf.csrf import CSRFError

from leadtracker.domain.model.accounts.access import Permission
from leadtracker.entrypoints.http.auth.interrupted_form import InterruptedForm
from leadtracker.entrypoints.http.auth.login_sessions import SAFE_METHODS, LoginSessions
from leadtracker.entrypoints.http.middleware.language import use_dashboard_language
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.requests.multipart import MULTIPART
from leadtracker.entrypoints.http.web.rendering.page import CSRF_FIELD, dashboard_target, page, wants_part

KEPT_FIELD = "kept_form"
"""The field by which the pages of signing in hold the form."""


def sign_in_page_with_form(login_sessions: LoginSessions) -> Response | None:
    """Return the sign-in page that holds the form of the request; None if the request sends none of ours.

    A form of another site, which lacks the CSRF token, is not kept: the user would send it as their own.
    """
    if request.method in SAFE_METHODS or request.mimetype == MULTIPART or wants_part():
        return None
    request.max_content_length = MAX_BODY_BYTES
    try:
        login_sessions.require_csrf_token()
    except CSRFError:
        return None
    fields = [item for item in request.form.items(multi=True) if item[0] != CSRF_FIELD]
    kept = json.dumps([request.full_path.rstrip("?"), fields], ensure_ascii=False)
    return page("public/sign_in.html", 401, next="", kept_form=kept)


def kept_form_page(login_sessions: LoginSessions) -> Response | None:
    """Return the page that sends the kept form after signing in; None if no form was kept."""
    form, signed_in = _read(request.form.get(KEPT_FIELD, "")), login_sessions.current()
    if form is None or signed_in is None:
        return None
    use_dashboard_language()
    g.signed_in, g.actor = signed_in, signed_in.user.actor
    return page("public/continue.html", form=form, signed_in=signed_in, actor=g.actor, Permission=Permission)


def _read(text: str) -> InterruptedForm | None:
    """Read a kept form; None if there is none, or it is sent to another place than the dashboard."""
    if not text:
        return None
    try:
        target, fields = json.loads(text)
        form = InterruptedForm(str(target), tuple((str(name), str(value)) for name, value in fields))
    except (ValueError, TypeError):
        return None
    return form if dashboard_target(form.target) == form.target else None
