"""``/quarantine``: what looks like spam."""

from flask import Blueprint, Response, request, url_for

from leadtracker.container import Container
from leadtracker.entrypoints.formats.as_json import lead_json, quarantined_lead_json
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import QUARANTINE, QuarantineListParams
from leadtracker.entrypoints.http.responses import etag, json_response, no_content


def quarantine_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of the quarantine."""
    blueprint = Blueprint("quarantine", __name__, url_prefix="/quarantine")
    manage_quarantine = container.manage_quarantine()

    @blueprint.get("")
    def listing() -> Response:
        actor = authenticator.require_actor()
        params = QuarantineListParams.read(request.args)
        page = manage_quarantine.page(actor, limit=params.limit, after=params.after)
        cursor = page.next
        headers = next_link(QUARANTINE, cursor.received_at, cursor.quarantined_lead_id) if cursor else None
        return json_response(
            [quarantined_lead_json(quarantined_lead) for quarantined_lead in page.quarantined_leads],
            headers=headers,
        )

    @blueprint.post("/<name:quarantined_lead_id>/release")
    def release(quarantined_lead_id: str) -> Response:
        lead = manage_quarantine.release(authenticator.require_actor(), quarantined_lead_id)
        url = url_for("leads.show", lead_id=lead.id, _external=True)
        return json_response(lead_json(lead), 201, {"Location": url, **etag(lead)})

    @blueprint.delete("/<name:quarantined_lead_id>")
    def discard(quarantined_lead_id: str) -> Response:
        manage_quarantine.delete(authenticator.require_actor(), quarantined_lead_id)
        return no_content()

    return blueprint
