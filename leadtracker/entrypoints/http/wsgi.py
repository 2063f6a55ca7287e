"""What the web server serves."""

from flask import Flask

from leadtracker.container import Container
from leadtracker.entrypoints.http.app import create_app
from leadtracker.entrypoints.logs import configure_logging
from leadtracker.settings import load_settings


def make_app() -> Flask:
    """The application with everything it needs."""
    settings = load_settings().settings
    configure_logging(settings.log_format, settings.log_level)
    return create_app(Container(settings=settings))
