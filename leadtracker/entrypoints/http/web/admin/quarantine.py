"""``/dashboard/quarantine``: submissions that look like spam, to be released or discarded."""

from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.domain.model.intake.quarantined_lead import MAX_QUARANTINE_AGE
from leadtracker.domain.use_cases.leads.manage_quarantine import ManageQuarantine
from leadtracker.entrypoints.http.auth.authentication import LoginSessions
from leadtracker.entrypoints.http.requests.cursors import write_cursor
from leadtracker.entrypoints.http.requests.list_params import QUARANTINE, QuarantineListParams
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import page, redirect_with_message


def quarantine_blueprint(login_sessions: LoginSessions, manage_quarantine: ManageQuarantine) -> Blueprint:
    """Create the routes of the quarantine page."""
    blueprint = dashboard_blueprint("quarantine_pages", login_sessions, "/quarantine")

    @blueprint.get("")
    def listing() -> Response:
        params = QuarantineListParams.read(request.args)
        found = manage_quarantine.page(g.actor, limit=params.limit, after=params.after)
        cursor = found.next
        older = cursor and write_cursor(QUARANTINE, cursor.received_at, cursor.quarantined_lead_id)
        return page(
            "admin/quarantine.html",
            quarantined_leads=found.quarantined_leads,
            older=older,
            days=MAX_QUARANTINE_AGE.days,
        )

    @blueprint.post("/<name:quarantined_lead_id>/release")
    def release(quarantined_lead_id: str) -> AnyResponse:
        lead = manage_quarantine.release(g.actor, quarantined_lead_id)
        message = f"{lead.full_name} is a lead now."
        return redirect_with_message("quarantine_pages.listing", message)

    @blueprint.post("/<name:quarantined_lead_id>/discard")
    def discard(quarantined_lead_id: str) -> AnyResponse:
        manage_quarantine.delete(g.actor, quarantined_lead_id)
        return redirect_with_message("quarantine_pages.listing", "It was discarded.")

    return blueprint
