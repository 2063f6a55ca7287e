"""``/dashboard/leads/{id}/erase`` and ``/export``: requests of a person under the GDPR."""

from flask import Blueprint, Response, flash, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import VersionConflict
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.entrypoints.formats.as_json import dump
from leadtracker.entrypoints.formats.json_models.leads import PersonalDataJson
from leadtracker.entrypoints.http.web.leads.lead_detail import read_form_data
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.i18n.texts import gettext as _


def add_privacy_pages(blueprint: Blueprint, container: Container) -> None:
    """Add the personal data export and the erasure of a lead."""
    get_lead = container.get_lead()
    find_leads = container.find_leads()
    erase_lead = container.erase_lead()
    export_personal_data = container.export_personal_data()

    @blueprint.get("/<lead_id:lead_id>/export")
    def download_personal_data(lead_id: str) -> Response:
        body = dump(PersonalDataJson.of(export_personal_data(g.actor, lead_id)))
        headers = {"Content-Disposition": f'attachment; filename="person-{lead_id}.json"'}
        return Response(body, headers=headers, content_type="application/json")

    @blueprint.get("/<lead_id:lead_id>/erase")
    def confirm_erasure(lead_id: str) -> Response:
        return _confirmation_page(lead_id)

    @blueprint.post("/<lead_id:lead_id>/erase")
    def erase(lead_id: str) -> AnyResponse:
        form_data = read_form_data("erase", "duplicates")
        with_duplicates = form_data.values["duplicates"] == "erase"
        try:
            erase_lead(g.actor, lead_id, form_data.expected_versions, with_duplicates=with_duplicates)
        except VersionConflict:
            return _confirmation_page(lead_id, has_conflict=True)
        flash(_("The lead was erased."), "success")
        return redirect(url_for("lead_pages.listing"), 303)

    def _confirmation_page(lead_id: str, *, has_conflict: bool = False) -> Response:
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
