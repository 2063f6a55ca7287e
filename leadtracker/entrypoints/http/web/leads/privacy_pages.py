"""``/dashboard/leads/{id}/erase`` and ``/export``: what a person may ask of the business."""

from flask import Blueprint, Response, flash, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import VersionConflict
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.leads.lead_query import Duplicates, LeadFilter
from leadtracker.entrypoints.formats.as_json import dump, person_json
from leadtracker.entrypoints.http.web.leads.lead_detail import typed_form
from leadtracker.entrypoints.http.web.rendering.page import page


def add_person_pages(blueprint: Blueprint, container: Container) -> None:
    """Add handing out a person's data, and erasing it."""
    get_lead = container.get_lead()
    find_leads = container.find_leads()
    erase_lead = container.erase_lead()
    export_person = container.export_person()

    @blueprint.get("/<lead_id:lead_id>/export")
    def export_data(lead_id: str) -> Response:
        body = dump(person_json(export_person(g.actor, lead_id)))
        headers = {"Content-Disposition": f'attachment; filename="person-{lead_id}.json"'}
        return Response(body, headers=headers, content_type="application/json")

    @blueprint.get("/<lead_id:lead_id>/erase")
    def ask_to_erase(lead_id: str) -> Response:
        return _question(lead_id)

    @blueprint.post("/<lead_id:lead_id>/erase")
    def erase(lead_id: str) -> AnyResponse:
        typed = typed_form("erase", "duplicates")
        with_duplicates = typed.values["duplicates"] == "erase"
        try:
            erase_lead(g.actor, lead_id, typed.expected_versions, with_duplicates=with_duplicates)
        except VersionConflict:
            return _question(lead_id, has_conflict=True)
        flash("The lead was erased.", "success")
        return redirect(url_for("lead_pages.listing"), 303)

    def _question(lead_id: str, *, has_conflict: bool = False) -> Response:
        g.actor.require(Permission.LEAD_ERASE)
        lead_filter = LeadFilter(duplicate_of=lead_id, duplicates=Duplicates.ONLY)
        has_duplicates = bool(find_leads(g.actor, lead_filter, limit=1, after=None).leads)
        return page(
            "leads/erase.html",
            409 if has_conflict else 200,
            lead=get_lead(g.actor, lead_id),
            has_duplicates=has_duplicates,
            has_conflict=has_conflict,
        )
