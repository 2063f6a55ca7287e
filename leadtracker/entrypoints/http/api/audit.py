"""``/audit``: the audit log."""

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.entrypoints.formats.json_models.audit import AuditEntryJson
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.operations import Paths, error_responses, operation
from leadtracker.entrypoints.http.openapi.schemas import array_of
from leadtracker.entrypoints.http.requests.audit_params import AUDIT, AuditListParams
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.query import openapi_parameters
from leadtracker.entrypoints.http.responses import json_response


def audit_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The route of the audit log."""
    blueprint = Blueprint("audit", __name__)
    read_audit_log = container.read_audit_log()
    zone = container.settings().timezone

    @blueprint.get("/audit")
    def listing() -> Response:
        actor = authenticator.require_actor()
        params = AuditListParams.read(request.args, zone=zone)
        page = read_audit_log.page(actor, params.audit_filter, limit=params.limit, before=params.before)
        last = page.entries[-1] if page.next else None
        headers = next_link(AUDIT, last.record.at, str(last.number)) if last else None
        return json_response([AuditEntryJson.of_entry(one) for one in page.entries], headers=headers)

    return blueprint


def audit_operations() -> Paths:
    """The operation of the audit log."""
    return {
        "/audit": {
            "get": operation(
                "listAuditEntries",
                "Accounts",
                "List the audit log, newest first",
                openapi.json_response(200, "A page.", array_of(AuditEntryJson), openapi.NEXT_LINK)
                | error_responses(422),
                description=(
                    "Sign-ins on the sign-in page, failed sign-ins, exports, downloads of files, erasures, "
                    "imports, changes of users and keys, and reports sent by hand. An entry is stored if and "
                    "only if its action is; none can be changed, and none holds a secret or the content that "
                    "was read."
                ),
                parameters=openapi_parameters(AuditListParams),
            )
        }
    }
