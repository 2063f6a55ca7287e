"""``/quarantine``: review submissions that are no leads yet."""

from flask import Blueprint, Response, request, url_for

from leadtracker.container import Container
from leadtracker.domain.model.leads.fields import SUBMITTED_FIELDS
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.entrypoints.formats.json_models.leads import LeadJson, QuarantinedLeadJson
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.components import Component
from leadtracker.entrypoints.http.openapi.operations import (
    OpenApiObject,
    Paths,
    error_responses,
    id_in_path,
    json_body,
    operation,
)
from leadtracker.entrypoints.http.openapi.schemas import array_of
from leadtracker.entrypoints.http.requests.body import read_optional_fields
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import QUARANTINE, QuarantineListParams
from leadtracker.entrypoints.http.requests.query import openapi_parameters
from leadtracker.entrypoints.http.responses import etag, json_response, no_content

_TAG = "Quarantine"


def quarantine_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of the quarantine."""
    blueprint = Blueprint("quarantine", __name__, url_prefix="/quarantine")
    manage_quarantine = container.manage_quarantine()

    @blueprint.get("")
    def listing() -> Response:
        actor = authenticator.require_actor()
        params = QuarantineListParams.read(request.args)
        page = manage_quarantine.page(actor, limit=params.limit, after=params.after, reason=params.reason)
        cursor = page.next
        headers = next_link(QUARANTINE, cursor.at, cursor.id) if cursor else None
        return json_response([QuarantinedLeadJson.of_entry(one) for one in page.items], headers=headers)

    @blueprint.post("/<name:quarantined_lead_id>/release")
    def release(quarantined_lead_id: str) -> Response:
        actor = authenticator.require_actor()
        lead = manage_quarantine.release(actor, quarantined_lead_id, read_optional_fields())
        url = url_for("leads.show", lead_id=lead.id, _external=True)
        return json_response(lead_payload(lead), 201, {"Location": url, **etag(lead)})

    @blueprint.delete("/<name:quarantined_lead_id>")
    def discard(quarantined_lead_id: str) -> Response:
        manage_quarantine.delete(authenticator.require_actor(), quarantined_lead_id)
        return no_content()

    return blueprint


_ID = id_in_path("quarantined_lead_id", "The id from the response to the submission; the lead keeps it.")


def quarantine_operations() -> Paths:
    """The operations of the quarantine."""
    return {
        "/quarantine": {
            "get": operation(
                "listQuarantine",
                _TAG,
                "List the submissions in quarantine, newest first",
                openapi.json_response(200, "A page.", array_of(QuarantinedLeadJson), openapi.NEXT_LINK)
                | error_responses(422),
                parameters=openapi_parameters(QuarantineListParams),
            )
        },
        "/quarantine/{quarantined_lead_id}/release": {"post": _release_from_quarantine()},
        "/quarantine/{quarantined_lead_id}": {
            "delete": operation(
                "discardFromQuarantine",
                _TAG,
                "Delete a quarantined submission permanently",
                openapi.response(204, "The submission is deleted.") | error_responses(404),
                parameters=[_ID],
            )
        },
    }


def _release_from_quarantine() -> OpenApiObject:
    return operation(
        "releaseFromQuarantine",
        _TAG,
        "Turn a quarantined submission into a lead",
        openapi.json_response(
            201, "The new lead; its e-mails are sent.", LeadJson, openapi.LOCATION | openapi.ETAG
        )
        | error_responses(400, 404, 411, 413, 415, 422),
        description=(
            "Of a rejected submission (`invalid`), the fields of the body replace those that were "
            "sent; other submissions need no body. "
            "The lead keeps the id and the arrival time of the submission. The number of a week that "
            "is sealed already does not change."
        ),
        parameters=[_ID],
        requestBody=json_body(_corrected_fields(), {"email": "ann@example.com"}, required=False),
    )


def _corrected_fields() -> Component:
    fields = {
        field.name: {"type": ["string", "null"], "examples": [field.example]} for field in SUBMITTED_FIELDS
    }
    return Component("CorrectedFields", {"type": "object", "properties": fields})
