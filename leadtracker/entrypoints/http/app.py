"""The Flask application."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from leadtracker.container import Container
from leadtracker.entrypoints.http.api.health import health_blueprint
from leadtracker.entrypoints.http.api.lead_work import lead_work_blueprint
from leadtracker.entrypoints.http.api.leads import leads_blueprint
from leadtracker.entrypoints.http.api.reports import reports_blueprint
from leadtracker.entrypoints.http.api.statistics import statistics_blueprint
from leadtracker.entrypoints.http.authentication import Callers
from leadtracker.entrypoints.http.docs import docs_blueprint
from leadtracker.entrypoints.http.every_request import install_request_handling
from leadtracker.entrypoints.http.problems import install_problems


class _NameConverter(BaseConverter):
    """A part of a path that names something; whatever cannot be a name leads to 404."""

    regex = "[A-Za-z0-9_-]{1,64}"


class _LeadIdConverter(_NameConverter):
    """A lead's id: any name but those of the resources beside the leads, which are listed here.

    Otherwise the methods of a lead would be told, and tried, on them, too.
    """

    regex = f"(?!bulk(?![A-Za-z0-9_-])){_NameConverter.regex}"


def create_app(container: Container) -> Flask:
    """Build the application over the use cases of ``container``."""
    app = Flask(__name__, static_folder=None)
    app.url_map.converters["name"] = _NameConverter
    app.url_map.converters["lead_id"] = _LeadIdConverter
    app.url_map.strict_slashes = False
    install_request_handling(app)
    install_problems(app)
    callers = Callers(container.sign_in())
    app.register_blueprint(leads_blueprint(container, callers))
    app.register_blueprint(lead_work_blueprint(container, callers))
    app.register_blueprint(statistics_blueprint(container, callers))
    app.register_blueprint(reports_blueprint(container, callers))
    app.register_blueprint(health_blueprint(container))
    app.register_blueprint(docs_blueprint())
    proxies = container.settings().trusted_proxies
    if proxies:
        fix = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies, x_prefix=proxies)
        app.wsgi_app = fix  # type: ignore[method-assign]  # the documented way to add middleware
    return app
