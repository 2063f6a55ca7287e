"""``/sign-in/code``: the second step of signing in, for users with a second factor."""

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import (
    AuthenticationFailed,
    LeadTrackerError,
    SecondFactorLocked,
    SecretUnreadable,
)
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.web.kept_form import KEPT_FIELD, kept_form_page
from leadtracker.entrypoints.http.web.rendering.page import dashboard_target, page
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_WRONG = mark("This code is wrong or was used before. Wait for the next one, or use a recovery code.")
_LOCKED = mark("There were too many wrong codes. Please try again in 15 minutes.")
_UNREADABLE = mark(
    "The code cannot be checked, because the secret key of this installation has changed. Use a recovery "
    "code, or ask an admin to remove the second factor."
)


def add_code_pages(blueprint: Blueprint, login_sessions: LoginSessions) -> None:
    """Add the routes of the second step to those of signing in."""

    @blueprint.get("/sign-in/code")
    def code_form() -> AnyResponse:
        if login_sessions.pending_user() is None:
            return redirect(url_for("sign_in.form"), 303)
        return page("public/sign_in_code.html", next=request.args.get("next", ""))

    @blueprint.post("/sign-in/code")
    def send_code() -> AnyResponse:
        request.max_content_length = MAX_BODY_BYTES
        login_sessions.require_csrf_token()
        user, next_url = login_sessions.pending_user(), request.form.get("next", "")
        if user is None:
            return redirect(url_for("sign_in.form"), 303)
        try:
            login_sessions.complete(user, request.form.get("code", ""))
        except (LeadTrackerError, TooManyRequests) as error:
            return _form_again(error, next_url)
        return kept_form_page(login_sessions) or redirect(dashboard_target(next_url), 303)


def _form_again(error: LeadTrackerError | TooManyRequests, next_url: str) -> Response:
    """Show the form again with why the code was rejected.

    Raises:
        LeadTrackerError: ``error`` itself, if it is not about the code.
    """
    if isinstance(error, AuthenticationFailed):
        status, text = 401, _(_WRONG)
    elif isinstance(error, SecondFactorLocked | TooManyRequests):
        status, text = 429, _(_LOCKED)
    elif isinstance(error, SecretUnreadable):
        status, text = 503, _(_UNREADABLE)
    else:
        raise error
    g.pop("actor", None)
    kept_form = request.form.get(KEPT_FIELD, "")
    return page("public/sign_in_code.html", status, error=text, next=next_url, kept_form=kept_form)
