"""The forms of a lead's page by which users claim a lead, hand it over, and give it back."""

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import AlreadyOwned
from leadtracker.entrypoints.http.web.leads.lead_detail import LeadDetailPage, read_form_data
from leadtracker.entrypoints.http.web.rendering.owners import chosen_owner
from leadtracker.i18n.texts import gettext as _


def add_owner_pages(blueprint: Blueprint, container: Container, detail_page: LeadDetailPage) -> None:
    """Add the forms that claim a lead and choose its owner."""
    claim_lead = container.claim_lead()
    update_lead = container.update_lead()

    @blueprint.post("/<lead_id:lead_id>/claim")
    def claim(lead_id: str) -> AnyResponse:
        # Changes by other users are no reason to reject a claim, unless one of them was faster.
        try:
            claim_lead(g.actor, lead_id)
            flash(_("You own this lead now."), "success")
        except AlreadyOwned as error:
            text = _("%(name)s was faster and owns this lead now. Nothing was changed.", name=error.owner)
            flash(text, "error")
        return redirect(url_for("lead_pages.show", lead_id=lead_id), 303)

    @blueprint.post("/<lead_id:lead_id>/owner")
    def change_owner(lead_id: str) -> AnyResponse:
        form_data = read_form_data("owner", "owner")
        owner = chosen_owner(form_data.values["owner"])
        done = _("%(name)s owns this lead now.", name=owner) if owner else _("This lead has no owner now.")
        return detail_page.handle_form(
            lead_id,
            form_data,
            lambda: update_lead(g.actor, lead_id, {"owner": owner}, form_data.expected_versions),
            done,
        )
