"""Build the Flask application."""

from urllib.parse import quote

from flask import Flask
from werkzeug.routing import BaseConverter

from leadtracker.container import Container
from leadtracker.domain.model.leads.lead_file import MAX_FILES
from leadtracker.entrypoints.http.api.accounts import api_keys_blueprint, users_blueprint
from leadtracker.entrypoints.http.api.audit import audit_blueprint
from leadtracker.entrypoints.http.api.credentials import credentials_blueprint
from leadtracker.entrypoints.http.api.deliveries import deliveries_blueprint
from leadtracker.entrypoints.http.api.health import health_blueprint
from leadtracker.entrypoints.http.api.imports import imports_blueprint
from leadtracker.entrypoints.http.api.leads.follow_ups import follow_ups_blueprint
from leadtracker.entrypoints.http.api.leads.import_export import import_export_blueprint
from leadtracker.entrypoints.http.api.leads.lead_actions import lead_actions_blueprint
from leadtracker.entrypoints.http.api.leads.leads import leads_blueprint
from leadtracker.entrypoints.http.api.leads.resumes import resumes_blueprint
from leadtracker.entrypoints.http.api.quarantine import quarantine_blueprint
from leadtracker.entrypoints.http.api.reports import reports_blueprint, statistics_blueprint
from leadtracker.entrypoints.http.auth.api_keys import KeyAuthentication
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.auth.interrupted_form import InterruptedForms
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.auth.provider import ProviderAuthentication
from leadtracker.entrypoints.http.auth.rate_limit import (
    FailureRecordLimit,
    PublicLimit,
    SignInLimit,
    UploadLimit,
)
from leadtracker.entrypoints.http.body_limits import BodyLimits
from leadtracker.entrypoints.http.capture import LeadSubmission, capture_blueprint
from leadtracker.entrypoints.http.docs import docs_blueprint
from leadtracker.entrypoints.http.middleware.cors import install_cors
from leadtracker.entrypoints.http.middleware.language import install_language
from leadtracker.entrypoints.http.middleware.metrics import install_metrics
from leadtracker.entrypoints.http.middleware.problems import install_problems
from leadtracker.entrypoints.http.middleware.request_context import (
    PublicAddress,
    SyncFlask,
    install_request_context,
)
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.http.requests.form_tokens import FormTokens
from leadtracker.entrypoints.http.web.pages import install_pages
from leadtracker.entrypoints.http.web.public.public_form import PublicForm
from leadtracker.entrypoints.http.web.rendering.server_errors import ServerErrorPages
from leadtracker.entrypoints.logs import configure_logging
from leadtracker.entrypoints.wsgi_adapter.adapter import WebApplication
from leadtracker.settings import Settings, load_settings, secret_key


class _NameConverter(BaseConverter):
    """A segment of a path that names a resource; text that cannot be a name gets 404."""

    regex = "[A-Za-z0-9_-]{1,64}"


class _LeadIdConverter(_NameConverter):
    """The id of a lead.

    The names of other routes below ``/leads`` are excluded, so that a wrong method there gets 405 instead of
    404 for an unknown lead.
    """

    regex = f"(?!(?:bulk|import|export)$){_NameConverter.regex}"


class _AccountConverter(BaseConverter):
    """The name of an account, which may contain slashes, also at its ends and several in a row."""

    regex = ".+"
    part_isolating = False
    weight = 200  # the same as of Werkzeug's PathConverter

    def to_url(self, value: str) -> str:
        return quote(value, safe="")


def make_app() -> WebApplication:
    """Build the application of a web server from the environment's settings.

    Raises:
        SettingsError: a setting is missing or invalid.
    """
    settings = load_settings().settings
    configure_logging(settings.log_format, settings.log_level)
    return _build(Container(settings=settings))[1]


_API = (
    import_export_blueprint,
    imports_blueprint,
    audit_blueprint,
    leads_blueprint,
    lead_actions_blueprint,
    follow_ups_blueprint,
    resumes_blueprint,
    statistics_blueprint,
    reports_blueprint,
    deliveries_blueprint,
    quarantine_blueprint,
    users_blueprint,
    credentials_blueprint,
    api_keys_blueprint,
)
"""The blueprints of the API whose routes need a caller."""


def create_app(container: Container) -> Flask:
    """Build the application from the use cases of ``container``."""
    return _build(container)[0]


def _build(container: Container) -> tuple[Flask, WebApplication]:
    settings = container.settings()
    app = _make_flask(settings)
    limit = SignInLimit(settings)
    interrupted_forms = InterruptedForms(secret_box=container.secret_box(), clock=container.clock())
    login_sessions = LoginSessions(container.user_sessions(), limit, interrupted_forms)
    login_sessions.install(app, secret_key(settings), is_https=settings.is_https)
    provider = _provider(container)
    authenticator = Authenticator(
        sign_in=container.sign_in(),
        limit=limit,
        login_sessions=login_sessions,
        keys=KeyAuthentication(container.sign_in(), FailureRecordLimit(settings, "api key")),
        provider=provider,
    )
    public_limit, upload_limit = PublicLimit(settings), UploadLimit(settings)
    _install_lead_submission(app, container, authenticator, public_limit, upload_limit)
    for make_blueprint in _API:
        app.register_blueprint(make_blueprint(container, authenticator))
    app.register_blueprint(health_blueprint(container))
    app.register_blueprint(docs_blueprint())
    install_pages(app, container, login_sessions, limit, provider)
    install_metrics(app, container)
    address = PublicAddress(app.wsgi_app, settings.trusted_proxies, settings.public_url)
    app.wsgi_app = address  # type: ignore[method-assign]  # the documented way to add middleware
    body_limits = BodyLimits(
        app=app,
        authenticator=authenticator,
        login_sessions=login_sessions,
        public_limit=public_limit,
        upload_limit=upload_limit,
        max_upload_bytes=MAX_FILES * settings.max_upload_bytes + MAX_BODY_BYTES,
        correct_address=address.correct,
    )
    render_error = ServerErrorPages(app, address.correct, settings.embedding_sites)
    return app, WebApplication(app, body_limits, render_error)


def _make_flask(settings: Settings) -> SyncFlask:
    """Make the application without routes, with the work around every request."""
    app = SyncFlask(__name__, static_folder=None)
    app.url_map.converters |= {
        "account": _AccountConverter,
        "lead_id": _LeadIdConverter,
        "name": _NameConverter,
    }
    app.url_map.strict_slashes = False
    install_request_context(app, is_https=settings.is_https)
    install_language(app, settings.language)
    install_problems(app)
    return app


def _provider(container: Container) -> ProviderAuthentication | None:
    """Return what authenticates through the OpenID provider; None without one, and then it loads nothing."""
    if container.identity_provider() is None:
        return None
    return ProviderAuthentication(
        container.provider_sign_in(), FailureRecordLimit(container.settings(), "provider")
    )


def _install_lead_submission(
    app: Flask,
    container: Container,
    authenticator: Authenticator,
    limit: PublicLimit,
    upload_limit: UploadLimit,
) -> None:
    """Add ``POST /leads`` and the public form."""
    settings = container.settings()
    tokens = FormTokens(secret_key(settings), settings.consent)
    lead_submission = LeadSubmission(
        capture_lead=container.capture_lead(),
        authenticator=authenticator,
        limit=limit,
        upload_limit=upload_limit,
        tokens=tokens,
        consent=settings.consent,
        max_file_bytes=settings.max_upload_bytes,
        keep_rejected=container.keep_rejected(),
        client_key=secret_key(settings).encode(),
    )
    form = PublicForm(settings, container.issue_form_token(), tokens, lead_submission)
    app.register_blueprint(capture_blueprint(lead_submission, form.receive))
    app.register_blueprint(form.blueprint())
    install_cors(app, settings.cors_sites)
