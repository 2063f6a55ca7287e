"""Static files: style sheets, scripts and icons, which browsers may cache for a year."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, send_from_directory, url_for

_FOLDER = Path(__file__).parents[1] / "static"
_SECONDS_PER_YEAR = 31_536_000


def assets_blueprint() -> Blueprint:
    """Create the route of static files; templates link to them with ``asset('name')``."""
    blueprint = Blueprint("assets", __name__)
    versions = _versions()

    @blueprint.get("/static/<path:name>")
    def file(name: str) -> Response:
        response = send_from_directory(_FOLDER, name, max_age=_SECONDS_PER_YEAR)
        response.headers["Cache-Control"] = f"public, max-age={_SECONDS_PER_YEAR}, immutable"
        return response

    @blueprint.app_template_global("asset")
    def asset(name: str) -> str:
        # The URL changes with the content, so a cached file is never outdated.
        return url_for("assets.file", name=name, v=versions[name])

    return blueprint


@cache
def _versions() -> Mapping[str, str]:
    """Return what changes with the content of each file, by its name."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:12] for file in _FOLDER.iterdir()}
