"""The routes that tell about the service itself."""

from leadtracker.entrypoints.http.openapi.operations import (
    ANYONE,
    Part,
    json_answer,
    operation,
    problem_answer,
)
from leadtracker.entrypoints.http.openapi.types import ref


def service_paths() -> dict[str, Part]:
    """The paths of health and documentation."""
    return {
        "/healthz": {"get": _live()},
        "/readyz": {"get": _ready()},
        "/metrics": {"get": _metrics()},
        "/openapi.json": {"get": _openapi()},
        "/docs": {"get": _docs()},
    }


def _live() -> Part:
    status = {"type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"]}
    answers = {"200": json_answer("The process lives.", status)}
    return operation("checkLife", "Operation", "Does the process live?", answers, **ANYONE)


def _ready() -> Part:
    answers = {
        "200": json_answer("Leads can be taken in.", ref("Readiness")),
        "503": problem_answer(503, "Not ready."),
    }
    return operation("checkReadiness", "Operation", "Can leads be taken in?", answers, **ANYONE)


def _metrics() -> Part:
    answers = {
        "200": {
            "description": "Metrics in Prometheus' text format.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        "401": problem_answer(401, "A token is set, and the caller does not have it."),
        "403": problem_answer(403, "No token is set, and the caller is on another machine."),
    }
    about = (
        "With `LEADTRACKER_METRICS_TOKEN` as bearer token; without that setting for callers on the machine."
    )
    return operation("readMetrics", "Operation", "Metrics", answers, description=about, **ANYONE)


def _openapi() -> Part:
    answers = {"200": json_answer("OpenAPI 3.1.", {"type": "object"})}
    return operation("getDescription", "Operation", "This description", answers, **ANYONE)


def _docs() -> Part:
    answers = {"200": {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}}}
    return operation("readDescription", "Operation", "This description, for people", answers, **ANYONE)
