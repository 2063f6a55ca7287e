"""The routes that tell about the service itself."""

from leadtracker.entrypoints.http.openapi.operations import (
    PUBLIC,
    OpenApiObject,
    json_response,
    operation,
    problem_response,
)
from leadtracker.entrypoints.http.openapi.types import ref


def service_paths() -> dict[str, OpenApiObject]:
    """The paths of health and documentation."""
    return {
        "/healthz": {"get": _live()},
        "/readyz": {"get": _ready()},
        "/metrics": {"get": _metrics()},
        "/openapi.json": {"get": _openapi()},
        "/docs": {"get": _docs()},
    }


def _live() -> OpenApiObject:
    status = {"type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"]}
    responses = {"200": json_response("The process lives.", status)}
    return operation("checkLife", "Operation", "Does the process live?", responses, **PUBLIC)


def _ready() -> OpenApiObject:
    responses = {
        "200": json_response("Leads can be taken in.", ref("Readiness")),
        "503": problem_response(503, "Not ready."),
    }
    return operation("checkReadiness", "Operation", "Can leads be taken in?", responses, **PUBLIC)


def _metrics() -> OpenApiObject:
    responses = {
        "200": {
            "description": "Metrics in Prometheus' text format.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        "401": problem_response(401, "A token is set, and the caller does not have it."),
        "403": problem_response(403, "No token is set, and the caller is on another machine."),
    }
    about = (
        "With `LEADTRACKER_METRICS_TOKEN` as bearer token; without that setting for callers on the machine."
    )
    return operation("readMetrics", "Operation", "Metrics", responses, description=about, **PUBLIC)


def _openapi() -> OpenApiObject:
    responses = {"200": json_response("OpenAPI 3.1.", {"type": "object"})}
    return operation("getDescription", "Operation", "This description", responses, **PUBLIC)


def _docs() -> OpenApiObject:
    responses = {"200": {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}}}
    return operation("readDescription", "Operation", "This description, for people", responses, **PUBLIC)
