"""``/healthz`` and ``/readyz``: for whoever watches the process."""

from flask import Blueprint, Response

from leadtracker.container import Container
from leadtracker.entrypoints.http.middleware.problems import RETRY_AFTER_SECONDS, problem
from leadtracker.entrypoints.http.responses import json_response


def health_blueprint(container: Container) -> Blueprint:
    """The routes of health."""
    blueprint = Blueprint("health", __name__)
    check_health = container.check_health()

    @blueprint.get("/healthz")
    def live() -> Response:
        return json_response({"status": "ok"})

    @blueprint.get("/readyz")
    def ready() -> Response:
        health = check_health()
        checks = {check.name: {"passed": check.passed, "detail": check.detail} for check in health.checks}
        if health.is_ready:
            return json_response({"status": "ready", "checks": checks})
        response = problem(503, "not-ready", "Not ready", checks=checks)
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
        return response

    return blueprint
