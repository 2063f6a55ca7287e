"""The blueprint of dashboard pages: signed-in users only, CSRF tokens, error pages."""

from collections.abc import Collection

from attrs import evolve
from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.use_cases.accounts.user_sessions import SignedIn
from leadtracker.entrypoints.http.auth.login_sessions import SAFE_METHODS, LoginSessions
from leadtracker.entrypoints.http.middleware.language import use_dashboard_language
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.requests.multipart import MULTIPART
from leadtracker.entrypoints.http.web.kept_form import sign_in_page_with_form
from leadtracker.entrypoints.http.web.rendering.confirmation import (
    confirmation_page,
    question_page,
    question_text,
)
from leadtracker.entrypoints.http.web.rendering.error_pages import install_error_pages
from leadtracker.entrypoints.http.web.rendering.page import wants_part

ACCOUNT = "account_pages"
"""The blueprint of the user's own account, which alone opens for users who must do something there first."""

ALL: Collection[str] = frozenset({"all"})
"""Stands for every endpoint of a blueprint."""


def dashboard_blueprint(
    name: str,
    login_sessions: LoginSessions,
    path: str = "",
    *,
    uploads: Collection[str] = (),
    sensitive: Collection[str] = (),
) -> Blueprint:
    """Create a blueprint below ``/dashboard`` whose pages require a login; ``g.actor`` is the signed-in user.

    Args:
        name: the name of the blueprint.
        login_sessions: finds the signed-in user and checks CSRF tokens.
        path: the path of the blueprint below ``/dashboard``.
        uploads: the endpoints that accept forms with files. They apply their own size limit while reading,
            and check the form's token with ``LoginSessions.validate_csrf_token``.
        sensitive: the endpoints that ask for the password again after a while; ``ALL`` for every one.
    """
    blueprint = Blueprint(name, __name__, url_prefix=f"/dashboard{path}")
    install_error_pages(blueprint)
    blueprint.context_processor(_actor_context)
    blueprint.before_request(use_dashboard_language)

    @blueprint.before_request
    def require_login() -> AnyResponse | None:
        current = login_sessions.current()
        if current is None:
            return _ask_to_sign_in(login_sessions)
        g.signed_in, g.actor = current, _actor(current)
        if current.is_restricted and name != ACCOUNT:
            return _redirect_to_account()
        if request.endpoint in uploads and request.mimetype == MULTIPART:
            return None
        request.max_content_length = MAX_BODY_BYTES
        if request.method not in SAFE_METHODS:
            login_sessions.require_csrf_token()
        is_sensitive = sensitive is ALL or request.endpoint in sensitive
        return question_page() or (confirmation_page(login_sessions, current) if is_sensitive else None)

    return blueprint


def _ask_to_sign_in(login_sessions: LoginSessions) -> AnyResponse:
    """Return the sign-in page that holds the form of the request.

    Raises:
        AuthenticationFailed: the request sends no form, so that there is nothing to hold.
    """
    response = sign_in_page_with_form(login_sessions)
    if response is None:
        raise AuthenticationFailed
    return response


def _actor(signed_in: SignedIn) -> Actor:
    return evolve(signed_in.user.actor, request_id=g.request_id, address=request.remote_addr)


def _actor_context() -> dict[str, object]:
    signed_in: SignedIn | None = g.get("signed_in")
    return {
        "actor": g.get("actor"),
        "Permission": Permission,
        "question_text": question_text,
        "signed_in": signed_in,
    }


def _redirect_to_account() -> AnyResponse:
    account = url_for("account_pages.show")
    return Response(status=204, headers={"HX-Redirect": account}) if wants_part() else redirect(account, 303)
