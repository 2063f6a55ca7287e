"""``/dashboard/leads/{id}/edit``: what is known of a person."""

from collections.abc import Mapping

from flask import Blueprint, Response, flash, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import DuplicateLead, InvalidInput, VersionConflict
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, LEAD_FIELDS, NAME_FIELDS
from leadtracker.entrypoints.http.web.leads.edit_conflict import differences, texts_of
from leadtracker.entrypoints.http.web.leads.lead_detail import FormData, LeadDetailPage, read_form_data
from leadtracker.entrypoints.http.web.rendering.page import page


def add_edit_pages(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    """Add editing."""
    get_lead = container.get_lead()
    update_lead = container.update_lead()
    read_history = container.read_history()

    @blueprint.get("/<lead_id:lead_id>/edit")
    def edit(lead_id: str) -> Response:
        g.actor.require(Permission.LEAD_EDIT)
        lead = get_lead(g.actor, lead_id)
        return _form(lead_id, FormData("edit", texts_of(lead), lead.version))

    @blueprint.post("/<lead_id:lead_id>/edit")
    def save(lead_id: str) -> AnyResponse:
        form_data = read_form_data("edit", *FIELDS_BY_NAME)
        lead = get_lead(g.actor, lead_id)
        shown = texts_of(lead)
        changed = {name: text for name, text in form_data.values.items() if text != shown[name]}
        try:
            update_lead(g.actor, lead_id, changed, form_data.expected_versions)
        except InvalidInput as error:
            return _form(lead_id, form_data, {one.field: one.message for one in error.errors}, 422)
        except DuplicateLead as error:
            errors = {"email": "belongs to another lead"}
            return _form(lead_id, form_data, errors, 409, owner=error.lead_id)
        except VersionConflict:
            lead = get_lead(g.actor, lead_id)
            newer_entries = [one for one in read_history(g.actor, lead_id) if one.version > form_data.version]
            return detail_page.conflict(
                lead_id,
                form_data,
                rows=differences(lead, newer_entries, form_data.values),
                texts=texts_of(lead),
            )
        flash("The changes were saved." if changed else "Nothing was different.", "success")
        return redirect(url_for("lead_pages.show", lead_id=lead_id), 303)


def _form(
    lead_id: str,
    form_data: FormData,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    owner: str | None = None,
) -> Response:
    return page(
        "leads/edit.html",
        status,
        lead_id=lead_id,
        form_data=form_data,
        errors=errors or {},
        owner=owner,
        name_fields=NAME_FIELDS,
        other_fields=LEAD_FIELDS[len(NAME_FIELDS) :],
    )
