"""``/leads``: capture, list and show leads."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from leadtracker.container import Container
from leadtracker.domain.model.lead import Lead
from leadtracker.domain.model.lead_query import Cursor
from leadtracker.entrypoints.formats.as_json import lead_json
from leadtracker.entrypoints.http.api.answers import json_answer
from leadtracker.entrypoints.http.authentication import Callers
from leadtracker.entrypoints.http.body import read_fields
from leadtracker.entrypoints.http.query import read_listing, write_cursor


def leads_blueprint(container: Container, callers: Callers) -> Blueprint:
    """The routes of leads."""
    blueprint = Blueprint("leads", __name__, url_prefix="/leads")
    capture_lead = container.capture_lead()
    find_leads = container.find_leads()
    get_lead = container.get_lead()
    zone = container.settings().timezone

    @blueprint.post("")
    def capture() -> Response:
        actor = callers.anyone()
        lead = capture_lead(actor, read_fields())
        return json_answer(lead_json(lead), 201, {"Location": _url(lead), **_etag(lead)})

    @blueprint.get("")
    def listing() -> Response:
        actor = callers.known()
        asked = read_listing(request.args, zone)
        page = find_leads(actor, asked.wanted, limit=asked.limit, after=asked.after)
        headers = {"Link": f'<{_next_url(page.next)}>; rel="next"'} if page.next else None
        return json_answer([lead_json(lead) for lead in page.leads], headers=headers)

    @blueprint.get("/<lead_id:lead_id>")
    def show(lead_id: str) -> Response:
        lead = get_lead(callers.known(), lead_id)
        return json_answer(lead_json(lead), headers=_etag(lead))

    return blueprint


def _url(lead: Lead) -> str:
    return url_for("leads.show", lead_id=lead.id, _external=True)


def _etag(lead: Lead) -> dict[str, str]:
    return {"ETag": f'"{lead.version}"'}


def _next_url(cursor: Cursor) -> str:
    query = request.args.to_dict(flat=False) | {"cursor": [write_cursor(cursor)]}
    return f"{url_for('leads.listing', _external=True)}?{urlencode(query, doseq=True)}"
