"""``/sign-in`` and ``/sign-out``: begin and end a login session."""

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import AuthenticationFailed
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.auth.provider import ProviderAuthentication
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.web.kept_form import KEPT_FIELD, kept_form_page
from leadtracker.entrypoints.http.web.public.sign_in_code import add_code_pages
from leadtracker.entrypoints.http.web.rendering.error_pages import install_error_pages
from leadtracker.entrypoints.http.web.rendering.page import dashboard_target, page
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark, ngettext

_WRONG = mark("The user name or the password is wrong.")
_TOO_MANY = mark("There were too many failed attempts from your network. Please try again in %(time)s.")


def sign_in_blueprint(login_sessions: LoginSessions, provider: ProviderAuthentication | None) -> Blueprint:
    """Create the routes of signing in and signing out."""
    blueprint = Blueprint("sign_in", __name__)
    install_error_pages(blueprint)
    add_code_pages(blueprint, login_sessions)
    _add_sign_out(blueprint, login_sessions, provider)

    @blueprint.get("/sign-in")
    def form() -> AnyResponse:
        if login_sessions.current() is not None:
            return redirect(dashboard_target(request.args.get("next")), 303)
        return page("public/sign_in.html", next=request.args.get("next", ""))

    @blueprint.post("/sign-in")
    def login() -> AnyResponse:
        request.max_content_length = MAX_BODY_BYTES
        login_sessions.require_csrf_token()
        name, next_url = request.form.get("name", ""), request.form.get("next", "")
        try:
            needs_code = login_sessions.login(name, request.form.get("password", ""))
        except AuthenticationFailed:
            return _form_again(401, _(_WRONG), name, next_url)
        except TooManyRequests as error:
            response = _form_again(429, _(_TOO_MANY, time=_wait(error)), name, next_url)
            response.headers.extend([item for item in error.get_headers() if item[0] == "Retry-After"])
            return response
        if not needs_code:
            return kept_form_page(login_sessions) or redirect(dashboard_target(next_url), 303)
        kept_form = request.form.get(KEPT_FIELD)
        if kept_form:
            return page("public/sign_in_code.html", next=next_url, kept_form=kept_form)
        lang = request.args.get("lang")
        return redirect(url_for("sign_in.code_form", next=next_url or None, lang=lang), 303)

    return blueprint


def _add_sign_out(
    blueprint: Blueprint, login_sessions: LoginSessions, provider: ProviderAuthentication | None
) -> None:
    @blueprint.post("/sign-out")
    def logout() -> AnyResponse:
        login_sessions.require_csrf_token()
        current = login_sessions.current()
        login_sessions.logout()
        here, url = url_for("sign_in.form", _external=True), None
        if current is not None and provider is not None:
            url = provider.sign_in.end_session_url(current.session, here)
        response = redirect(url_for("sign_in.form"), 303) if url is None else _leave(url, provider)
        # Not "cookies", which would also clear those of other applications on the same domain.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _leave(url: str, provider: ProviderAuthentication | None) -> Response:
    """Show that the session has ended, and lead the browser to the provider, where it is signed in, too.

    Browsers apply the content security policy of a page to every redirect that answers its forms, but not to
    a refresh.
    """
    g.pop("actor", None)
    host = "" if provider is None else provider.sign_in.host
    response = page("public/signed_out.html", url=url, host=host)
    response.headers["Refresh"] = f"0; url={url}"
    return response


def _wait(error: TooManyRequests) -> str:
    """Return how long the client has to wait, rounded up to minutes."""
    seconds = int(dict(error.get_headers()).get("Retry-After", 0))
    return ngettext("%(num)d minute", "%(num)d minutes", max(1, -(-seconds // 60)))


def _form_again(status: int, error: str, name: str, next_url: str) -> Response:
    g.pop("actor", None)
    kept_form = request.form.get(KEPT_FIELD, "")
    return page("public/sign_in.html", status, error=error, name=name, next=next_url, kept_form=kept_form)
