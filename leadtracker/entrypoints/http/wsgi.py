"""What the web server loads in each of its worker processes."""

from flask import Flask

from leadtracker.container import Container
from leadtracker.entrypoints.http.app import create_app
from leadtracker.entrypoints.lifeline import end_with_parent
from leadtracker.entrypoints.logs import configure_logging
from leadtracker.settings import load_settings


def make_app() -> Flask:
    """The application with everything it needs."""
    end_with_parent()
    settings = load_settings().settings
    configure_logging(settings.log_format, settings.log_level)
    return create_app(Container(settings=settings))
