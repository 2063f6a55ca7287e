"""``/dashboard/leads/{id}/erase``, ``/export`` and ``/hold``: a person's data, kept, exported, erased."""

from flask import Blueprint, Response, flash, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import LeadOnHold, VersionConflict
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter
from leadtracker.entrypoints.http.responses import personal_data_response
from leadtracker.entrypoints.http.web.leads.lead_detail import LeadDetailPage, read_form_data
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.i18n.texts import gettext as _


def add_hold_pages(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    """Add the forms that set and clear the legal hold of a lead."""
    hold_lead = container.hold_lead()

    @blueprint.post("/<lead_id:lead_id>/hold")
    def set_hold(lead_id: str) -> AnyResponse:
        form_data = read_form_data("hold", "reason")
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: hold_lead.set(g.actor, lead_id, form_data.values),
            _("The lead is on legal hold."),
        )

    @blueprint.post("/<lead_id:lead_id>/clear-hold")
    def clear_hold(lead_id: str) -> AnyResponse:
        return detail_page.handle_form(
            lead_id,
            read_form_data("hold"),
            lambda: hold_lead.clear(g.actor, lead_id),
            _("The legal hold was cleared."),
        )


def add_privacy_pages(blueprint: Blueprint, container: Container) -> None:
    """Add the personal data export and the erasure of a lead."""
    export_personal_data = container.export_personal_data()

    @blueprint.get("/<lead_id:lead_id>/export")
    def download_personal_data(lead_id: str) -> Response:
        person = export_personal_data(g.actor, lead_id)
        return personal_data_response(person, export_personal_data.files(person))

    _add_erasure(blueprint, container)


def _add_erasure(blueprint: Blueprint, container: Container) -> None:
    get_lead = container.get_lead()
    find_leads = container.find_leads()
    erase_lead = container.erase_lead()

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
        except LeadOnHold as error:
            return _confirmation_page(lead_id, held=error.lead_id)
        flash(_("The lead was erased."), "success")
        return redirect(url_for("lead_pages.listing"), 303)

    def _confirmation_page(lead_id: str, *, has_conflict: bool = False, held: str | None = None) -> Response:
        g.actor.require(Permission.LEAD_ERASE)
        lead_filter = LeadFilter(duplicate_of=lead_id, duplicates=Duplicates.ONLY)
        has_duplicates = bool(find_leads(g.actor, lead_filter, limit=1, after=None).items)
        return page(
            "leads/erase.html",
            409 if has_conflict or held else 200,
            lead=get_lead(g.actor, lead_id),
            has_duplicates=has_duplicates,
            has_conflict=has_conflict,
            held=held,
        )
