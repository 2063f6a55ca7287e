"""``/.well-known/security.txt`` (RFC 9116): the contact for reports of vulnerabilities."""

from datetime import timedelta

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from leadtracker.container import Container
from leadtracker.entrypoints.http.web.rendering.error_pages import install_error_pages

_PATH = "/.well-known/security.txt"
_VALID_FOR = timedelta(days=180)  # RFC 9116 recommends less than a year


def security_txt_blueprint(container: Container) -> Blueprint:
    """Create the route; without the setting ``SECURITY_CONTACT`` there is no such file."""
    blueprint = Blueprint("security_txt", __name__)
    install_error_pages(blueprint)
    settings, clock = container.settings(), container.clock()

    @blueprint.get(_PATH)
    def security_txt() -> Response:
        if settings.security_contact is None:
            raise NotFound
        expires = (clock.now() + _VALID_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
        lines = [
            f"Contact: {settings.security_contact}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            f"Canonical: {settings.base_url}{_PATH}",
            "Preferred-Languages: en",
        ]
        return Response("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")

    return blueprint
