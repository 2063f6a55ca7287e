"""Assemble the OpenAPI document from the operations beside the routes."""

from importlib.metadata import version
from typing import Any

from leadtracker.entrypoints.http.api.accounts import api_key_operations, user_operations
from leadtracker.entrypoints.http.api.audit import audit_operations
from leadtracker.entrypoints.http.api.credentials import credential_operations
from leadtracker.entrypoints.http.api.deliveries import delivery_operations
from leadtracker.entrypoints.http.api.health import health_operations
from leadtracker.entrypoints.http.api.imports import imports_operations
from leadtracker.entrypoints.http.api.leads.follow_ups import follow_up_operations
from leadtracker.entrypoints.http.api.leads.import_export import import_export_operations
from leadtracker.entrypoints.http.api.leads.lead_actions import lead_action_operations
from leadtracker.entrypoints.http.api.leads.leads import lead_operations
from leadtracker.entrypoints.http.api.leads.resumes import resume_operations
from leadtracker.entrypoints.http.api.quarantine import quarantine_operations
from leadtracker.entrypoints.http.api.reports import report_operations, statistics_operations
from leadtracker.entrypoints.http.auth.login_sessions import COOKIE, CSRF_HEADER
from leadtracker.entrypoints.http.docs.webhooks import webhooks
from leadtracker.entrypoints.http.openapi.components import Components
from leadtracker.entrypoints.http.openapi.operations import (
    PUBLIC,
    Paths,
    json_response,
    operation,
    response,
)

_OPERATIONS = (
    lead_operations,
    lead_action_operations,
    resume_operations,
    import_export_operations,
    imports_operations,
    audit_operations,
    follow_up_operations,
    statistics_operations,
    report_operations,
    delivery_operations,
    quarantine_operations,
    user_operations,
    credential_operations,
    api_key_operations,
    health_operations,
)

_ABOUT = """\
Captures leads, stores each durably, and reports their number once a week.

Errors are problem documents (RFC 9457); the end of their `type` is a stable code. Times are RFC 3339 in UTC.
Every response carries `X-Request-ID`; a client may send one. An empty query parameter counts as not given.
"""

_TAGS = {
    "Leads": "Prospects who asked for help.",
    "Work": "What users do with leads.",
    "Weekly reports": "One number per week.",
    "Deliveries": "E-mails and webhooks, with their attempts.",
    "Quarantine": "Submissions that wait for a decision.",
    "Webhooks": "Signed events for the endpoints in LEADTRACKER_WEBHOOK_URLS.",
    "Accounts": "Users, API keys and the audit log.",
    "Operation": "Health checks, metrics and this description.",
}

_SECURITY_SCHEMES = {
    "basic": {"type": "http", "scheme": "basic", "description": "A user's name and password."},
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, or a token of the OpenID provider.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The session of a user who signed in at `/sign-in`. "
        f"Requests other than GET also need the page's token as `{CSRF_HEADER}`.",
    },
}


def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the complete HTTP API."""
    components = Components()
    paths: Paths = {}
    for operations in (*_OPERATIONS, _docs_operations):
        paths |= operations()
    described = components.with_references({"paths": paths, "webhooks": webhooks()})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "LeadTracker",
            "version": version("leadtracker"),
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": description} for name, description in _TAGS.items()],
        **described,
        "components": {"schemas": components.schemas(), "securitySchemes": _SECURITY_SCHEMES},
    }


def _docs_operations() -> Paths:
    """The operations of ``docs_blueprint``."""
    return {
        "/openapi.json": {
            "get": operation(
                "getDescription",
                "Operation",
                "Get this description",
                json_response(200, "An OpenAPI 3.1 document.", {"type": "object"}),
                **PUBLIC,
            )
        },
        "/docs": {
            "get": operation(
                "showDocumentation",
                "Operation",
                "Show this description as a page",
                response(200, "A page.", {"text/html": {"schema": {"type": "string"}}}),
                **PUBLIC,
            )
        },
    }
