"""The blueprint of dashboard pages: signed-in users only, CSRF tokens, error pages."""

from collections.abc import Collection

from attrs import evolve
from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.use_cases.accounts.user_sessions import SignedIn
from leadtracker.entrypoints.http.auth.authentication import SAFE_METHODS, LoginSessions
from leadtracker.entrypoints.http.middleware.language import use_dashboard_language
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.requests.multipart import MULTIPART
from leadtracker.entrypoints.http.web.rendering.error_pages import install_error_pages
from leadtracker.entrypoints.http.web.rendering.page import wants_part


def dashboard_blueprint(
    name: str,
    login_sessions: LoginSessions,
    path: str = "",
    *,
    uploads: Collection[str] = (),
    is_for_account: bool = False,
) -> Blueprint:
    """Create a blueprint below ``/dashboard`` whose pages require a login; ``g.actor`` is the signed-in user.

    Args:
        name: the name of the blueprint.
        login_sessions: finds the signed-in user and checks CSRF tokens.
        path: the path of the blueprint below ``/dashboard``.
        uploads: the endpoints that accept forms with files. They apply their own size limit while reading,
            and check the form's token with ``LoginSessions.validate_csrf_token``.
        is_for_account: true for the pages of the user's own account, which alone open for users who must
            do something there first.
    """
    blueprint = Blueprint(name, __name__, url_prefix=f"/dashboard{path}")
    install_error_pages(blueprint)

    blueprint.before_request(use_dashboard_language)

    @blueprint.before_request
    def require_login() -> AnyResponse | None:
        current = login_sessions.current()
        if current is None:
            raise AuthenticationFailed
        g.signed_in = current
        g.actor = evolve(current.user.actor, request_id=g.request_id, address=request.remote_addr)
        if current.must_change_password and not is_for_account:
            return _redirect_to_account()
        if request.endpoint in uploads and request.mimetype == MULTIPART:
            return None
        request.max_content_length = MAX_BODY_BYTES
        if request.method not in SAFE_METHODS:
            login_sessions.require_csrf_token()
        return None

    @blueprint.context_processor
    def actor_context() -> dict[str, object]:
        signed_in: SignedIn | None = g.get("signed_in")
        is_restricted = signed_in is not None and signed_in.must_change_password
        return {"actor": g.get("actor"), "Permission": Permission, "is_restricted": is_restricted}

    return blueprint


def _redirect_to_account() -> AnyResponse:
    account = url_for("account_pages.show")
    return Response(status=204, headers={"HX-Redirect": account}) if wants_part() else redirect(account, 303)
