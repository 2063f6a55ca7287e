"""``/quarantine``: what looks like spam."""

from flask import Blueprint, Response, request, url_for

from leadtracker.container import Container
from leadtracker.entrypoints.formats.as_json import lead_json, suspect_json
from leadtracker.entrypoints.http.api.responses import json_answer, no_content
from leadtracker.entrypoints.http.auth.authentication import Callers
from leadtracker.entrypoints.http.requests.conditional_requests import etag
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import QUARANTINE, read_quarantine_listing


def quarantine_blueprint(container: Container, callers: Callers) -> Blueprint:
    """The routes of the quarantine."""
    blueprint = Blueprint("quarantine", __name__, url_prefix="/quarantine")
    manage_quarantine = container.manage_quarantine()

    @blueprint.get("")
    def listing() -> Response:
        actor = callers.known()
        asked = read_quarantine_listing(request.args)
        page = manage_quarantine.page(actor, limit=asked.limit, after=asked.after)
        there = page.next
        headers = next_link(QUARANTINE, there.received_at, there.suspect_id) if there else None
        return json_answer([suspect_json(suspect) for suspect in page.suspects], headers=headers)

    @blueprint.post("/<name:suspect_id>/release")
    def release(suspect_id: str) -> Response:
        lead = manage_quarantine.release(callers.known(), suspect_id)
        url = url_for("leads.show", lead_id=lead.id, _external=True)
        return json_answer(lead_json(lead), 201, {"Location": url, **etag(lead)})

    @blueprint.delete("/<name:suspect_id>")
    def discard(suspect_id: str) -> Response:
        manage_quarantine.discard(callers.known(), suspect_id)
        return no_content()

    return blueprint
