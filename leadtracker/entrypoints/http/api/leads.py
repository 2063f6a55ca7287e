"""``/leads``: list, show, change and erase leads."""

from enum import StrEnum
from typing import Annotated

from flask import Blueprint, Response, request
from pydantic import Field

from leadtracker.container import Container
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.entrypoints.formats.as_json import lead_json
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.requests.body import read_fields
from leadtracker.entrypoints.http.requests.conditional_requests import if_match_versions
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import LeadListParams
from leadtracker.entrypoints.http.requests.query import QueryParams, one_of
from leadtracker.entrypoints.http.responses import etag, json_response, no_content


class DuplicateErasure(StrEnum):
    """What becomes of the duplicates of a lead that is erased."""

    KEEP = "keep"
    ERASE = "erase"


class EraseParams(QueryParams):
    """The parameters of ``DELETE /leads/{id}``."""

    duplicates: Annotated[DuplicateErasure, one_of(DuplicateErasure)] = Field(
        DuplicateErasure.KEEP,
        description=(
            "`erase` also erases the lead's duplicates. `keep` leaves them, and the oldest of each address "
            "becomes its primary lead."
        ),
    )


def leads_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
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
        actor = authenticator.require_actor()
        params = LeadListParams.read(request.args, zone=zone)
        page = find_leads.payload(
            actor, params.lead_filter(due), limit=params.limit, after=params.after, sort=params.sort
        )
        headers = next_link(params.sort, page.next.at, page.next.lead_id) if page.next else None
        return json_response(page.leads, headers=headers)

    @blueprint.get("/<lead_id:lead_id>")
    def show(lead_id: str) -> Response:
        return _lead_response(get_lead(authenticator.require_actor(), lead_id))

    @blueprint.route("/<lead_id:lead_id>", methods=["PUT", "PATCH"])
    def change(lead_id: str) -> Response:
        actor = authenticator.require_actor()
        return _lead_response(update_lead(actor, lead_id, read_fields(), if_match_versions()))

    @blueprint.delete("/<lead_id:lead_id>")
    def erase(lead_id: str) -> Response:
        actor = authenticator.require_actor()
        params = EraseParams.read(request.args)
        with_duplicates = params.duplicates is DuplicateErasure.ERASE
        erase_lead(actor, lead_id, if_match_versions(), with_duplicates=with_duplicates)
        return no_content()

    return blueprint


def _lead_response(lead: Lead) -> Response:
    return json_response(lead_json(lead), headers=etag(lead))
