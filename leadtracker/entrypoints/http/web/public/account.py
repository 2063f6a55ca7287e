"""``/dashboard/account``: the password and the sessions of the signed-in user."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from flask import Blueprint, Response, g, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import AuthenticationFailed, InvalidInput
from leadtracker.domain.use_cases.accounts.credentials.change_password import ChangePassword
from leadtracker.domain.use_cases.accounts.user_sessions import SignedIn, UserSessions
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.auth.browser import browser_of
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.auth.rate_limit import SignInLimit
from leadtracker.entrypoints.http.web.public.second_factor import SENSITIVE, add_second_factor_pages
from leadtracker.entrypoints.http.web.rendering.confirmation import confirm_and_continue, continue_form
from leadtracker.entrypoints.http.web.rendering.dashboard_base import ACCOUNT, dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import page, redirect_with_message
from leadtracker.i18n.texts import gettext as _


def account_pages(container: Container, login_sessions: LoginSessions, limit: SignInLimit) -> Blueprint:
    """Create the routes of the account page."""
    blueprint = dashboard_blueprint(ACCOUNT, login_sessions, "/account", sensitive=SENSITIVE)
    add_second_factor_pages(blueprint, container)
    account_page = _AccountPage(container.user_sessions())
    blueprint.get("", endpoint="show")(lambda: account_page(200))
    _add_password_form(blueprint, container.change_password(), login_sessions, limit, account_page)
    _add_sessions(blueprint, container.user_sessions())

    @blueprint.post("/confirm")
    def confirm() -> AnyResponse:
        return confirm_and_continue(login_sessions, _signed_in())

    @blueprint.get("/continue", endpoint="continue_form")
    def send_kept_form() -> AnyResponse:
        return continue_form(login_sessions)

    return blueprint


def _add_password_form(
    blueprint: Blueprint,
    change_password: ChangePassword,
    login_sessions: LoginSessions,
    limit: SignInLimit,
    account_page: "_AccountPage",
) -> None:
    @blueprint.post("/password")
    def set_password() -> AnyResponse:
        user, new = _signed_in().user, request.form.get("password", "")
        if new != request.form.get("again", ""):
            return account_page(422, {"again": _("The two new passwords differ.")})
        try:
            with limit.watch(request.remote_addr or "", user.name):
                secret = change_password(user, request.form.get("current", ""), new, browser_of(request))
        except AuthenticationFailed:
            return account_page(422, {"current": _("This password is wrong.")})
        except TooManyRequests:
            message = _("There were too many failed attempts. Please try again later.")
            return account_page(429, {"current": message})
        except InvalidInput as error:
            return account_page(422, field_messages(error))
        login_sessions.replace(secret)
        return redirect_with_message(
            "account_pages.show", _("Your password was changed; other browsers were signed out.")
        )


def _add_sessions(blueprint: Blueprint, user_sessions: UserSessions) -> None:
    @blueprint.post("/sessions/end")
    def end_session() -> AnyResponse:
        user_sessions.end_of(_signed_in().user.name, request.form.get("session", ""))
        return redirect_with_message("account_pages.show", _("That browser was signed out."))

    @blueprint.post("/sessions/end-others")
    def end_other_sessions() -> AnyResponse:
        user_sessions.end_others(_signed_in().session)
        return redirect_with_message("account_pages.show", _("All other browsers were signed out."))


@frozen
class _AccountPage:
    """Renders the account page, with the field errors of a rejected form."""

    _user_sessions: UserSessions

    def __call__(self, status: int, errors: Mapping[str, str] | None = None) -> Response:
        signed_in = _signed_in()
        context: dict[str, Any] = {
            "user": signed_in.user,
            "current_session": signed_in.session,
            "sessions": self._user_sessions.of(signed_in.user.name),
            "errors": errors or {},
        }
        return page("public/account.html", status, address=url_for("account_pages.show"), **context)


def _signed_in() -> SignedIn:
    signed_in: SignedIn = g.signed_in
    return signed_in
