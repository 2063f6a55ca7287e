"""The blueprint of dashboard pages: signed-in users only, CSRF tokens, error pages."""

from collections.abc import Collection

from attrs import evolve
from flask import Blueprint, g, request

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.entrypoints.http.auth.authentication import SAFE_METHODS, LoginSessions
from leadtracker.entrypoints.http.middleware.language import use_dashboard_language
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.requests.multipart import MULTIPART
from leadtracker.entrypoints.http.web.rendering.error_pages import install_error_pages


def dashboard_blueprint(
    name: str, login_sessions: LoginSessions, path: str = "", *, uploads: Collection[str] = ()
) -> Blueprint:
    """Create a blueprint below ``/dashboard`` whose pages require a login; ``g.actor`` is the signed-in user.

    Args:
        name: the name of the blueprint.
        login_sessions: finds the signed-in user and checks CSRF tokens.
        path: the path of the blueprint below ``/dashboard``.
        uploads: the endpoints that accept forms with files. They apply their own size limit while reading,
            and check the form's token with ``LoginSessions.validate_csrf_token``.
    """
    blueprint = Blueprint(name, __name__, url_prefix=f"/dashboard{path}")
    install_error_pages(blueprint)

    blueprint.before_request(use_dashboard_language)

    @blueprint.before_request
    def require_login() -> None:
        actor = login_sessions.actor()
        if actor is None:
            raise AuthenticationFailed
        g.actor = evolve(actor, request_id=g.request_id)
        if request.endpoint in uploads and request.mimetype == MULTIPART:
            return
        request.max_content_length = MAX_BODY_BYTES
        if request.method not in SAFE_METHODS:
            login_sessions.require_csrf_token()

    @blueprint.context_processor
    def actor_context() -> dict[str, object]:
        return {"actor": g.get("actor"), "Permission": Permission}

    return blueprint
