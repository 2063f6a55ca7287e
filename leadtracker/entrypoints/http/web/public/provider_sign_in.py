"""``/sign-in/oidc``: begin and end a login session through the OpenID provider."""

import structlog
from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.errors import EntryDenied, IdentityRejected, ProviderUnavailable
from leadtracker.domain.ports.accounts.identity_provider import PendingSignIn, ProviderResponse
from leadtracker.entrypoints.http.auth.browser import browser_of
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.auth.provider import PendingSignInCookie, ProviderAuthentication
from leadtracker.entrypoints.http.web.rendering.error_pages import install_error_pages
from leadtracker.entrypoints.http.web.rendering.page import dashboard_target, page
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_REJECTED = mark("The sign-in with %(host)s did not succeed. Please try again.")
_DENIED = mark("Your account at %(host)s has no access to LeadTracker. An admin can grant it.")
_UNAVAILABLE = mark("%(host)s does not respond at the moment. Please try again in a minute.")
_RETRY_AFTER_SECONDS = "30"


def provider_sign_in_blueprint(
    login_sessions: LoginSessions, provider: ProviderAuthentication | None, cookie: PendingSignInCookie
) -> Blueprint:
    """Create the routes of signing in through the provider; without one they do not exist for callers."""
    blueprint = Blueprint("provider_sign_in", __name__)
    install_error_pages(blueprint)

    @blueprint.get("/sign-in/oidc")
    def begin() -> AnyResponse:
        if provider is None:
            raise NotFound
        redirect_uri = url_for("provider_sign_in.finish", _external=True)
        try:
            is_confirmation = request.args.get("confirm") == "1"
            pending, url = provider.sign_in.begin(redirect_uri, is_confirmation=is_confirmation)
        except ProviderUnavailable as error:
            return _unavailable(provider.sign_in.host, error)
        response = Response(status=303, headers={"Location": url})
        cookie.keep(response, pending, request.args.get("next", ""))
        return response

    @blueprint.get("/sign-in/oidc/callback")
    def finish() -> AnyResponse:
        if provider is None:
            raise NotFound
        pending, next_url = cookie.read()
        response = _finish(login_sessions, provider, pending, next_url)
        cookie.remove(response)
        return response

    return blueprint


def _finish(
    login_sessions: LoginSessions,
    provider: ProviderAuthentication,
    pending: PendingSignIn | None,
    next_url: str,
) -> AnyResponse:
    """Begin the session, or show the sign-in page with one sentence for all that can be wrong."""
    host = provider.sign_in.host
    try:
        secret = provider.sign_in.finish(pending, _provider_response(), browser_of(request))
    except IdentityRejected as error:
        provider.record_failure(error)
        return _sign_in_page(401, _(_REJECTED, host=host))
    except EntryDenied as error:
        provider.record_failure(error)
        return _sign_in_page(403, _(_DENIED, host=host))
    except ProviderUnavailable as error:
        return _unavailable(host, error)
    login_sessions.logout()
    login_sessions.replace(secret)
    return redirect(dashboard_target(next_url), 303)


def _provider_response() -> ProviderResponse:
    arguments = request.args
    return ProviderResponse(
        code=arguments.get("code", ""), state=arguments.get("state", ""), issuer=arguments.get("iss")
    )


def _unavailable(host: str, error: ProviderUnavailable) -> Response:
    structlog.get_logger(__name__).warning("provider unavailable", error=str(error))
    response = _sign_in_page(503, _(_UNAVAILABLE, host=host))
    response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
    return response


def _sign_in_page(status: int, error: str) -> Response:
    g.pop("actor", None)
    return page("public/sign_in.html", status, error=error, next="")
