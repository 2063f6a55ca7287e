"""``/leads``: list, show, change and erase leads."""

from enum import StrEnum

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.entrypoints.formats.as_json import lead_json
from leadtracker.entrypoints.http.api.responses import json_answer, no_content
from leadtracker.entrypoints.http.auth.authentication import Callers
from leadtracker.entrypoints.http.requests.body import read_fields
from leadtracker.entrypoints.http.requests.conditional_requests import asked_versions, etag
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import read_lead_listing
from leadtracker.entrypoints.http.requests.query import QueryParser, one_of


class WhatOfDuplicates(StrEnum):
    """What becomes of the duplicates of a lead that is erased."""

    KEEP = "keep"
    ERASE = "erase"


def leads_blueprint(container: Container, callers: Callers) -> Blueprint:
    """The routes of leads."""
    blueprint = Blueprint("leads", __name__, url_prefix="/leads")
    find_leads = container.find_leads()
    get_lead = container.get_lead()
    update_lead = container.update_lead()
    erase_lead = container.erase_lead()
    due = container.find_follow_ups().due
    zone = container.settings().timezone

    @blueprint.get("")
    def listing() -> Response:
        actor = callers.known()
        asked = read_lead_listing(request.args, zone, due)
        page = find_leads.payload(
            actor, asked.lead_filter, limit=asked.limit, after=asked.after, sort=asked.sort
        )
        headers = next_link(asked.sort, page.next.at, page.next.lead_id) if page.next else None
        return json_answer(page.leads, headers=headers)

    @blueprint.get("/<lead_id:lead_id>")
    def show(lead_id: str) -> Response:
        return _answer(get_lead(callers.known(), lead_id))

    @blueprint.route("/<lead_id:lead_id>", methods=["PUT", "PATCH"])
    def change(lead_id: str) -> Response:
        actor = callers.known()
        return _answer(update_lead(actor, lead_id, read_fields(), asked_versions()))

    @blueprint.delete("/<lead_id:lead_id>")
    def erase(lead_id: str) -> Response:
        actor = callers.known()
        parser = QueryParser(request.args)
        duplicates = parser.one("duplicates", one_of(WhatOfDuplicates))
        parser.raise_if_errors()
        erase_lead(actor, lead_id, asked_versions(), with_duplicates=duplicates is WhatOfDuplicates.ERASE)
        return no_content()

    return blueprint


def _answer(lead: Lead) -> Response:
    return json_answer(lead_json(lead), headers=etag(lead))
