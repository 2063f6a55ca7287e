"""``/dashboard/password``: one's own password."""

from collections.abc import Mapping

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import AuthenticationFailed, InvalidInput
from leadtracker.entrypoints.http.auth.rate_limit import SignInLimit
from leadtracker.entrypoints.http.auth.sessions import Browsers
from leadtracker.entrypoints.http.web.rendering.dashboard_base import staff_blueprint
from leadtracker.entrypoints.http.web.rendering.forms import back_to, complaints_of
from leadtracker.entrypoints.http.web.rendering.page import page


def password_pages(container: Container, browsers: Browsers, limit: SignInLimit) -> Blueprint:
    """The routes of the page that changes a password."""
    blueprint = staff_blueprint("password_pages", browsers, "/password")
    change_password = container.change_password()

    @blueprint.get("")
    def form() -> Response:
        return page("password.html")

    @blueprint.post("")
    def change() -> AnyResponse:
        current, new = request.form.get("current", ""), request.form.get("password", "")
        if new != request.form.get("again", ""):
            return _refused(422, {"again": "is not the same"})
        try:
            with limit.watch(request.remote_addr or ""):
                name = change_password(g.actor, current, new)
        except AuthenticationFailed:
            return _refused(422, {"current": "is wrong"})
        except TooManyRequests as error:
            return _refused(429, {"current": str(error.description)})
        except InvalidInput as error:
            return _refused(422, complaints_of(error))
        browsers.begin(name, new)  # the new password ended every session, this one, too
        return back_to("password_pages.form", "Your password was changed; other browsers were signed out.")

    return blueprint


def _refused(status: int, complaints: Mapping[str, str]) -> Response:
    return page("password.html", status, complaints=complaints)
