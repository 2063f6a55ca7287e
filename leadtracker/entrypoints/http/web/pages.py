"""Installation of all pages, and the navigation that their templates share."""

from flask import Blueprint, Flask, g

from leadtracker.container import Container
from leadtracker.domain.errors import LeadTrackerError
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.use_cases.intake.manage_quarantine import ManageQuarantine
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.auth.provider import PendingSignInCookie, ProviderAuthentication
from leadtracker.entrypoints.http.auth.rate_limit import SignInLimit
from leadtracker.entrypoints.http.web.admin.audit import audit_pages
from leadtracker.entrypoints.http.web.admin.deliveries import delivery_pages
from leadtracker.entrypoints.http.web.admin.keys import key_pages
from leadtracker.entrypoints.http.web.admin.quarantine import quarantine_blueprint
from leadtracker.entrypoints.http.web.admin.reports import report_pages
from leadtracker.entrypoints.http.web.admin.retention import retention_pages
from leadtracker.entrypoints.http.web.admin.users import user_pages
from leadtracker.entrypoints.http.web.dashboard import overview_blueprint
from leadtracker.entrypoints.http.web.imports.pages import import_pages
from leadtracker.entrypoints.http.web.leads.blueprint import lead_pages_blueprint
from leadtracker.entrypoints.http.web.lists.board_pages import board_blueprint
from leadtracker.entrypoints.http.web.public.account import account_pages
from leadtracker.entrypoints.http.web.public.forgot_password import forgot_password_blueprint
from leadtracker.entrypoints.http.web.public.provider_sign_in import provider_sign_in_blueprint
from leadtracker.entrypoints.http.web.public.security_txt import security_txt_blueprint
from leadtracker.entrypoints.http.web.public.sign_in import sign_in_blueprint
from leadtracker.entrypoints.http.web.rendering.assets import assets_blueprint
from leadtracker.entrypoints.http.web.rendering.error_pages import install_page_of_unknown_addresses
from leadtracker.entrypoints.http.web.rendering.filters import install_filters
from leadtracker.entrypoints.http.web.statistics import statistics_pages
from leadtracker.i18n.texts import install_translations, mark
from leadtracker.settings import secret_key

_NAVIGATION: tuple[tuple[str, str, Permission | None], ...] = (
    ("dashboard.index", mark("Dashboard"), None),
    ("lead_pages.listing", mark("Leads"), Permission.LEAD_READ),
    ("board.columns", mark("Board"), Permission.LEAD_READ),
    ("quarantine_pages.listing", mark("Quarantine"), Permission.QUARANTINE_MANAGE),
    ("report_pages.ledger", mark("Reports"), Permission.REPORT_READ),
    ("import_pages.listing", mark("Import"), Permission.LEAD_IMPORT),
    ("delivery_pages.listing", mark("Deliveries"), Permission.DELIVERY_MANAGE),
    ("user_pages.listing", mark("Users"), Permission.ACCOUNT_MANAGE),
    ("key_pages.listing", mark("API keys"), Permission.ACCOUNT_MANAGE),
)
"""Endpoint, text, and the permission that a user needs to see the entry."""

_DASHBOARD = (
    overview_blueprint,
    statistics_pages,
    report_pages,
    import_pages,
    delivery_pages,
    user_pages,
    key_pages,
    audit_pages,
    retention_pages,
    lead_pages_blueprint,
    board_blueprint,
)
"""The blueprints whose pages need a signed-in user."""


def _number_quarantined(manage_quarantine: ManageQuarantine) -> int:
    """Return the number of entries in quarantine that the user may review; 0 if it cannot be read.

    The navigation is on error pages, too, and the storage may be the error.
    """
    actor: Actor | None = g.get("actor")
    if actor is None or not actor.may(Permission.QUARANTINE_MANAGE):
        return 0
    try:
        return manage_quarantine.count(actor)
    except LeadTrackerError:
        return 0


def install_pages(
    app: Flask,
    container: Container,
    login_sessions: LoginSessions,
    limit: SignInLimit,
    provider: ProviderAuthentication | None,
) -> None:
    """Add every page to ``app``."""
    install_translations(app.jinja_env)
    install_page_of_unknown_addresses(app, login_sessions)
    app.register_blueprint(_shared_blueprint(container))
    app.register_blueprint(assets_blueprint())
    app.register_blueprint(security_txt_blueprint(container))
    app.register_blueprint(sign_in_blueprint(login_sessions, provider))
    cookie = PendingSignInCookie(secret_key(container.settings()))
    app.register_blueprint(provider_sign_in_blueprint(login_sessions, provider, cookie))
    app.register_blueprint(forgot_password_blueprint(container, login_sessions))
    app.register_blueprint(account_pages(container, login_sessions, limit))
    for make_blueprint in _DASHBOARD:
        app.register_blueprint(make_blueprint(container, login_sessions))
    app.register_blueprint(quarantine_blueprint(login_sessions, container.manage_quarantine()))


def _shared_blueprint(container: Container) -> Blueprint:
    """Create the blueprint of the templates, with what all of them use."""
    settings = container.settings()
    shared = Blueprint("web", __name__, template_folder="templates")
    install_filters(shared, settings.timezone)
    manage_quarantine = container.manage_quarantine()
    shared.app_context_processor(
        lambda: {
            "navigation": _NAVIGATION,
            "has_mail_server": settings.has_mail_server,
            "has_report_receiver": settings.retool_url is not None,
            "provider_host": settings.provider_host,
            "only_password_user": settings.only_password_user,
            "number_quarantined": lambda: _number_quarantined(manage_quarantine),
        }
    )
    return shared
