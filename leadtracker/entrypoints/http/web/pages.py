"""All pages, and what their templates share."""

from flask import Blueprint, Flask

from leadtracker.container import Container
from leadtracker.domain.model.access import Permission
from leadtracker.entrypoints.http.browsers import Browsers
from leadtracker.entrypoints.http.rate_limit import SignInLimit
from leadtracker.entrypoints.http.web.assets import assets_blueprint
from leadtracker.entrypoints.http.web.dashboard import dashboard_blueprint
from leadtracker.entrypoints.http.web.quarantine import quarantine_blueprint
from leadtracker.entrypoints.http.web.sign_in import sign_in_blueprint
from leadtracker.entrypoints.http.web.times import install_times

_NAVIGATION: tuple[tuple[str, str, Permission | None], ...] = (
    ("dashboard.today", "Today", None),
    ("quarantine_pages.listing", "Quarantine", Permission.QUARANTINE_MANAGE),
)
"""Endpoint, text, and what one must be allowed to do to see it."""


def install_pages(app: Flask, container: Container, browsers: Browsers, limit: SignInLimit) -> None:
    """Add every page to ``app``."""
    shared = Blueprint("web", __name__, template_folder="templates")
    install_times(shared, container.settings().timezone)
    shared.app_context_processor(lambda: {"navigation": _NAVIGATION})
    app.register_blueprint(shared)
    app.register_blueprint(assets_blueprint())
    app.register_blueprint(sign_in_blueprint(browsers, limit))
    app.register_blueprint(dashboard_blueprint(browsers))
    app.register_blueprint(quarantine_blueprint(browsers, container.manage_quarantine()))
