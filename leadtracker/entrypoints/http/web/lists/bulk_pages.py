"""Changing the states of many leads from the list, with a page that reports each rejected lead."""

from urllib.parse import parse_qsl, urlencode

from attrs import frozen
from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import IllegalTransition, InvalidInput, LeadNotFound, VersionConflict
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.use_cases.leads.change_many_leads import LeadChangeResult
from leadtracker.domain.use_cases.leads.find_leads import GetLead
from leadtracker.entrypoints.formats.labels import state_label
from leadtracker.entrypoints.http.requests.conditional_requests import form_version
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark, ngettext

_NOTHING_CHOSEN = mark(
    "Nothing was chosen. Tick the leads that you want to move, then choose their new state."
)


@frozen
class Outcome:
    """The result for one lead.

    Attributes:
        lead: the lead as it is stored now; None if it was erased.
        error: a sentence that says why its state was not changed; None if it was changed.
    """

    lead_id: str
    lead: Lead | None
    error: str | None


def add_bulk_pages(blueprint: Blueprint, container: Container) -> None:
    """Add the form that changes the states of selected leads."""
    change_many_leads = container.change_many_leads()
    get_lead = container.get_lead()

    @blueprint.post("/bulk")
    def change_states() -> AnyResponse:
        chosen = dict(_parse_selection(text) for text in request.form.getlist("lead"))
        back = url_for("lead_pages.listing") + _query(request.form.get("back", ""))
        if not chosen:
            flash(_(_NOTHING_CHOSEN), "warning")
            return redirect(back, 303)
        state = request.form.get("state", "")
        results = change_many_leads(g.actor, {"ids": list(chosen), "state": state}, chosen)
        outcomes = [_outcome(result, get_lead) for result in results]
        rejected = [outcome for outcome in outcomes if outcome.error]
        if rejected:
            return page("leads/bulk.html", outcomes=outcomes, rejected=rejected, state=state, back=back)
        text = ngettext(
            "%(num)d lead was moved to %(state)s.",
            "%(num)d leads were moved to %(state)s.",
            len(outcomes),
            state=state_label(state),
        )
        flash(text, "success")
        return redirect(back, 303)


def _parse_selection(text: str) -> tuple[str, int]:
    """Parse the value of a check box: the id of its lead, and the version that the list showed."""
    lead_id, _, version = text.partition(" ")
    return lead_id, form_version(version)


def _query(text: str) -> str:
    """Rebuild the query of the list from the form's text, so that the redirect cannot leave the list."""
    query = urlencode(parse_qsl(text))
    return f"?{query}" if query else ""


def _outcome(result: LeadChangeResult, get_lead: GetLead) -> Outcome:
    outcome = result.outcome
    if isinstance(outcome, Lead):
        return Outcome(result.lead_id, outcome, None)
    try:
        lead = get_lead(g.actor, result.lead_id)
    except (LeadNotFound, InvalidInput):
        return Outcome(result.lead_id, None, _("It was erased by another user."))
    return Outcome(result.lead_id, lead, _reason(outcome, lead))


def _reason(error: Exception, lead: Lead) -> str:
    if isinstance(error, VersionConflict):
        return _("It was changed by another user; its state is %(state)s now.", state=state_label(lead.state))
    if isinstance(error, IllegalTransition):
        allowed = ", ".join(map(state_label, error.allowed))
        state = state_label(lead.state)
        return _(
            "Its state is %(state)s; it can move to these only: %(allowed)s.", state=state, allowed=allowed
        )
    return str(error)
