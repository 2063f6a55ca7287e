"""``/healthz`` and ``/readyz``: health checks for load balancers and monitoring."""

from flask import Blueprint, Response

from leadtracker.container import Container
from leadtracker.entrypoints.http.middleware.problems import RETRY_AFTER_SECONDS, problem
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.components import Component
from leadtracker.entrypoints.http.openapi.operations import (
    PUBLIC,
    OpenApiObject,
    Paths,
    operation,
    problem_response,
)
from leadtracker.entrypoints.http.openapi.schemas import object_of, text
from leadtracker.entrypoints.http.responses import json_response

_TAG = "Operation"


def health_blueprint(container: Container) -> Blueprint:
    """The routes of health checks."""
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


def health_operations() -> Paths:
    """The operations of health checks and metrics."""
    liveness = Component("Liveness", object_of(status={"type": "string", "const": "ok"}))
    return {
        "/healthz": {
            "get": operation(
                "checkLiveness",
                _TAG,
                "Check that the process is alive",
                openapi.json_response(200, "The process is alive.", liveness),
                **PUBLIC,
            )
        },
        "/readyz": {
            "get": operation(
                "checkReadiness",
                _TAG,
                "Check that leads can be captured",
                openapi.json_response(200, "Leads can be captured.", _readiness())
                | problem_response(503, "Leads cannot be captured; `checks` says why."),
                **PUBLIC,
            )
        },
        "/metrics": {"get": _read_metrics()},
    }


def _read_metrics() -> OpenApiObject:
    return operation(
        "readMetrics",
        _TAG,
        "Read metrics for Prometheus",
        openapi.response(
            200,
            "The metrics in Prometheus' text format.",
            {"text/plain": {"schema": text(), "example": "leadtracker_database_up 1.0\n"}},
        )
        | problem_response(401, "A metrics token is set, and the request lacks it.")
        | problem_response(403, "No metrics token is set, and the caller is on another machine."),
        description=(
            "Requires `LEADTRACKER_METRICS_TOKEN` as a bearer token. Without that setting, only "
            "callers on the same machine get the metrics."
        ),
        **PUBLIC,
    )


def _readiness() -> Component:
    check = object_of(
        passed={"type": "boolean", "examples": [True]}, detail=text(examples=["answers in 2 ms"])
    )
    checks = {"type": "object", "additionalProperties": check}
    return Component("Readiness", object_of(status={"type": "string", "const": "ready"}, checks=checks))
