"""The document as a whole."""

from importlib.metadata import version
from typing import Any

from leadtracker.entrypoints.http.auth.authentication import COOKIE, CSRF_HEADER
from leadtracker.entrypoints.http.openapi.accounts import account_paths
from leadtracker.entrypoints.http.openapi.deliveries import delivery_paths
from leadtracker.entrypoints.http.openapi.import_export import data_paths
from leadtracker.entrypoints.http.openapi.lead_actions import lead_action_paths
from leadtracker.entrypoints.http.openapi.leads import lead_paths
from leadtracker.entrypoints.http.openapi.quarantine import quarantine_paths
from leadtracker.entrypoints.http.openapi.reports import report_paths
from leadtracker.entrypoints.http.openapi.resumes import resume_paths
from leadtracker.entrypoints.http.openapi.schemas import schemas
from leadtracker.entrypoints.http.openapi.service import service_paths
from leadtracker.entrypoints.http.openapi.webhooks import webhook_schemas, webhooks

_ABOUT = """\
Takes in leads, keeps every one, and reports their number once a week.

Errors are problem documents (RFC 9457); their `type` ends in a stable name. Times are RFC 3339 in UTC. Every
answer carries `X-Request-ID`; a caller may send one.
"""

_TAGS = {
    "Leads": "People who asked for help.",
    "Work": "What the staff do with leads.",
    "Weekly reports": "One number per week.",
    "Deliveries": "Mails and webhooks on their way.",
    "Quarantine": "What looks like spam.",
    "Webhooks": "What is posted to LEADTRACKER_WEBHOOK_URLS, signed.",
    "Accounts": "Who may come in.",
    "Operation": "For whoever watches the process.",
}

_SECURITY_SCHEMES = {
    "basic": {"type": "http", "scheme": "basic", "description": "A user."},
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "A user who signed in at `/sign-in`. "
        f"What may change something needs the page's token as `{CSRF_HEADER}`, too.",
    },
}


def openapi_document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of everything that HTTP offers."""
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
        "paths": {
            **lead_paths(),
            **lead_action_paths(),
            **resume_paths(),
            **data_paths(),
            **report_paths(),
            **delivery_paths(),
            **quarantine_paths(),
            **account_paths(),
            **service_paths(),
        },
        "webhooks": webhooks(),
        "components": {
            "schemas": {**schemas(), **webhook_schemas()},
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }
