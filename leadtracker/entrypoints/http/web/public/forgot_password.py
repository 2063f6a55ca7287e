"""``/forgot-password`` and ``/choose-password``: ask for a link by e-mail, and choose a password by it."""

from collections.abc import Mapping

from flask import Blueprint, Response, request
from werkzeug.exceptions import TooManyRequests

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput, LinkInvalid
from leadtracker.domain.model.accounts.account_link import LinkPurpose
from leadtracker.domain.use_cases.accounts.credentials.account_links import ChoosePassword
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.auth.rate_limit import LinkRequestLimit
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.web.rendering.error_pages import install_error_pages
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_TOO_MANY = mark("There were too many requests from your network. Please try again later.")


def forgot_password_blueprint(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of passwords that are chosen by a link."""
    blueprint = Blueprint("forgot_password", __name__)
    install_error_pages(blueprint)
    _add_request_pages(blueprint, container, login_sessions)
    _add_choice_pages(blueprint, container.choose_password(), login_sessions)
    return blueprint


def _add_request_pages(blueprint: Blueprint, container: Container, login_sessions: LoginSessions) -> None:
    request_reset, limit = container.request_password_reset(), LinkRequestLimit(container.settings())

    @blueprint.get("/forgot-password")
    def form() -> Response:
        return page("public/forgot_password.html")

    @blueprint.post("/forgot-password")
    def send() -> Response:
        _check_form(login_sessions)
        try:
            limit.count(request.remote_addr or "")
        except TooManyRequests as error:
            response = page("public/forgot_password.html", 429, error=_(_TOO_MANY))
            response.headers.extend([item for item in error.get_headers() if item[0] == "Retry-After"])
            return response
        request_reset(request.form.get("user", ""), request.remote_addr)
        return page("public/forgot_password.html", is_sent=True)


def _add_choice_pages(
    blueprint: Blueprint, choose_password: ChoosePassword, login_sessions: LoginSessions
) -> None:
    @blueprint.get("/choose-password")
    def choice() -> Response:
        return _choice_page(choose_password, request.args.get("token", ""))

    @blueprint.post("/choose-password")
    def choose() -> Response:
        _check_form(login_sessions)
        token, password = request.form.get("token", ""), request.form.get("password", "")
        if password != request.form.get("again", ""):
            return _choice_page(choose_password, token, {"again": _("The two new passwords differ.")})
        try:
            user = choose_password(token, password, request.remote_addr)
        except InvalidInput as error:
            return _choice_page(choose_password, token, field_messages(error))
        except LinkInvalid:
            return _choice_page(choose_password, "")
        login_sessions.logout()
        done = _("Your password is set. You can sign in now.")
        return page("public/sign_in.html", success=done, name=user.name, next="")


def _choice_page(
    choose_password: ChoosePassword, token: str, errors: Mapping[str, str] | None = None
) -> Response:
    try:
        purpose = choose_password.link(token).purpose
    except LinkInvalid:
        return page("public/choose_password.html", 404, is_valid=False)
    return page(
        "public/choose_password.html",
        422 if errors else 200,
        is_valid=True,
        token=token,
        is_invitation=purpose is LinkPurpose.INVITATION,
        errors=errors or {},
    )


def _check_form(login_sessions: LoginSessions) -> None:
    request.max_content_length = MAX_BODY_BYTES
    login_sessions.require_csrf_token()
