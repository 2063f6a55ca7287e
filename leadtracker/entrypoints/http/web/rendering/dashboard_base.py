"""What all pages of the staff have in common."""

from collections.abc import Collection

from attrs import evolve
from flask import Blueprint, g, request

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.entrypoints.http.auth.constants import SAFE_METHODS
from leadtracker.entrypoints.http.auth.sessions import Browsers
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.requests.resume_uploads import MULTIPART
from leadtracker.entrypoints.http.web.rendering.error_pages import install_error_pages


def staff_blueprint(
    name: str, browsers: Browsers, path: str = "", *, uploads: Collection[str] = ()
) -> Blueprint:
    """A blueprint below ``/dashboard`` whose pages are for those who are signed in: ``g.actor``.

    Args:
        name: the blueprint's.
        browsers: tell who is signed in.
        path: where below ``/dashboard`` it begins.
        uploads: the endpoints that take forms with files. They read them with a limit of their own, and
            check the token in them with ``Browsers.check``.
    """
    blueprint = Blueprint(name, __name__, url_prefix=f"/dashboard{path}")
    install_error_pages(blueprint)

    @blueprint.before_request
    def let_in() -> None:
        actor = browsers.actor()
        if actor is None:
            raise AuthenticationFailed
        g.actor = evolve(actor, request_id=g.request_id)
        if request.endpoint in uploads and request.mimetype == MULTIPART:
            return
        request.max_content_length = MAX_BODY_BYTES
        if request.method not in SAFE_METHODS:
            browsers.protect()

    @blueprint.context_processor
    def who() -> dict[str, object]:
        return {"actor": g.get("actor"), "Permission": Permission}

    return blueprint
