"""``/dashboard``: what needs doing today."""

from flask import Blueprint, Response

from leadtracker.container import Container
from leadtracker.entrypoints.http.browsers import Browsers
from leadtracker.entrypoints.http.web.page import page
from leadtracker.entrypoints.http.web.staff import staff_blueprint


def dashboard_blueprint(_container: Container, browsers: Browsers) -> Blueprint:
    """The route of the first page that the staff see."""
    blueprint = staff_blueprint("dashboard", browsers)

    @blueprint.get("")
    def today() -> Response:
        return page("today.html")

    return blueprint
