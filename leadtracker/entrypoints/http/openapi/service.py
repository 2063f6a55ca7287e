"""The routes that tell about the service itself."""

from leadtracker.entrypoints.http.openapi.parts import (
    ANYONE,
    Part,
    json_answer,
    operation,
    problem_answer,
)
from leadtracker.entrypoints.http.openapi.schema_parts import ref


def service_paths() -> dict[str, Part]:
    """The paths of health and documentation."""
    return {
        "/healthz": {"get": _live()},
        "/readyz": {"get": _ready()},
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


def _openapi() -> Part:
    answers = {"200": json_answer("OpenAPI 3.1.", {"type": "object"})}
    return operation("getDescription", "Operation", "This description", answers, **ANYONE)


def _docs() -> Part:
    answers = {"200": {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}}}
    return operation("readDescription", "Operation", "This description, for people", answers, **ANYONE)
