"""``/dashboard/password``: change the password of the signed-in user."""

from collections.abc import Mapping

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import AuthenticationFailed, InvalidInput
from leadtracker.domain.model.accounts.account import user_name_of
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.auth.authentication import LoginSessions
from leadtracker.entrypoints.http.auth.rate_limit import SignInLimit
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import page, redirect_with_message
from leadtracker.i18n.texts import gettext as _


def password_pages(container: Container, login_sessions: LoginSessions, limit: SignInLimit) -> Blueprint:
    """Create the routes of the password page."""
    blueprint = dashboard_blueprint("password_pages", login_sessions, "/password")
    change_password = container.change_password()

    @blueprint.get("")
    def form() -> Response:
        return page("public/password.html")

    @blueprint.post("")
    def change() -> AnyResponse:
        current, new = request.form.get("current", ""), request.form.get("password", "")
        if new != request.form.get("again", ""):
            return _rejected(422, {"again": _("The two new passwords differ.")})
        try:
            with limit.watch(request.remote_addr or "", user_name_of(g.actor.name) or ""):
                name = change_password(g.actor, current, new)
        except AuthenticationFailed:
            return _rejected(422, {"current": _("This password is wrong.")})
        except TooManyRequests:
            return _rejected(
                429, {"current": _("There were too many failed attempts. Please try again later.")}
            )
        except InvalidInput as error:
            return _rejected(422, field_messages(error))
        login_sessions.login(name, new)  # the change ended every session of the user, including this one
        return redirect_with_message(
            "password_pages.form", _("Your password was changed; other browsers were signed out.")
        )

    return blueprint


def _rejected(status: int, errors: Mapping[str, str]) -> Response:
    return page("public/password.html", status, errors=errors)
