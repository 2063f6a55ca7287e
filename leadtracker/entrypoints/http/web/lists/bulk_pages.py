"""Change the states or the owner of many leads from the list; a page reports each rejected lead."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from attrs import frozen
from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import IllegalTransition, InvalidInput, LeadNotFound, VersionConflict
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.use_cases.leads.change_many_leads import LeadChangeResult
from leadtracker.domain.use_cases.leads.find_leads import GetLead
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.formats.labels import state_label
from leadtracker.entrypoints.http.requests.conditional_requests import form_version
from leadtracker.entrypoints.http.web.lists.last_views import BOARD, EVERYONE, last_list
from leadtracker.entrypoints.http.web.rendering.owners import chosen_owner
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.entrypoints.http.web.rendering.undo import (
    MAX_FLASHED,
    PreviousState,
    offer_undo_of_many,
    previous_states,
)
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark, ngettext

_NOTHING_CHOSEN = mark("Nothing was changed. Tick the leads first, then choose their new state or owner.")
_NO_TARGET = mark("Nothing was changed. Choose a new state or a new owner for the leads.")


@frozen
class Outcome:
    """The result for one lead.

    Attributes:
        lead: the lead as it is stored now; None if it was erased.
        error: a sentence that says why it was not changed; None if it was changed.
    """

    lead_id: str
    lead: Lead | None
    error: str | None


def add_bulk_pages(blueprint: Blueprint, container: Container) -> None:
    """Add the forms that change the states or the owners of selected leads, and what follows a change."""
    _add_changes(blueprint, container)
    _add_undo(blueprint, container)
    _add_lost_reason(blueprint, container)


def _add_changes(blueprint: Blueprint, container: Container) -> None:
    change_many_leads = container.change_many_leads()
    get_lead = container.get_lead()

    @blueprint.post("/bulk")
    def change_many() -> AnyResponse:
        chosen = dict(_parse_selection(text) for text in request.form.getlist("lead"))
        back = url_for("lead_pages.listing") + _query(request.form.get("back", ""))
        change = _read_change(request.form)
        if not chosen or not change:
            flash(_(_NO_TARGET if chosen else _NOTHING_CHOSEN), "warning")
            return redirect(back, 303)
        try:
            results = change_many_leads(g.actor, {"ids": list(chosen), **change}, chosen)
        except InvalidInput as error:
            return _rejected(error, back)
        outcomes = [_outcome(result, get_lead) for result in results]
        changed = [(one.before, one.outcome) for one in results if isinstance(one.outcome, Lead)]
        undo = list(previous_states(changed))
        are_lost = change.get("state") == LeadState.LOST
        if len(undo) > MAX_FLASHED or any(outcome.error for outcome in outcomes):
            return _result_page(outcomes, undo, back, are_lost=are_lost)
        flash(_success(change, len(outcomes)), "success")
        offer_undo_of_many(undo, are_lost=are_lost)
        return redirect(back, 303)


def _add_undo(blueprint: Blueprint, container: Container) -> None:
    change_many_leads = container.change_many_leads()
    get_lead = container.get_lead()

    @blueprint.post("/bulk/undo")
    def undo_many() -> AnyResponse:
        g.actor.require(Permission.LEAD_EDIT)
        changes = request.form.getlist("change")
        outcomes = [
            _outcome(result, get_lead)
            for state, chosen in _by_state(changes).items()
            for result in change_many_leads(g.actor, {"ids": list(chosen), "state": state}, chosen)
        ]
        rejected = [outcome for outcome in outcomes if outcome.error]
        if rejected:
            return _result_page(outcomes, [], last_list())
        text = ngettext("%(num)d lead was moved back.", "%(num)d leads were moved back.", len(outcomes))
        flash(text, "success")
        return redirect(last_list(), 303)


def _add_lost_reason(blueprint: Blueprint, container: Container) -> None:
    change_many_leads = container.change_many_leads()
    get_lead = container.get_lead()

    @blueprint.post("/bulk/lost-reason")
    def give_lost_reasons() -> AnyResponse:
        chosen = {
            one.lead_id: one.version for one in map(PreviousState.parse, request.form.getlist("change"))
        }
        back = last_list(BOARD) if request.form.get("back") == "board" else last_list()
        reason = request.form.get("lost_reason", "")
        try:
            results = change_many_leads(g.actor, {"ids": list(chosen), "lost_reason": reason}, chosen)
        except InvalidInput as error:
            return _rejected(error, back)
        outcomes = [_outcome(result, get_lead) for result in results]
        if any(outcome.error for outcome in outcomes):
            return _result_page(outcomes, [], back)
        flash(_("The reason was saved."), "success")
        return redirect(back, 303)


def _rejected(error: InvalidInput, back: str) -> AnyResponse:
    """Say on the list why none of the leads was changed, for example because the new owner was disabled."""
    reasons = " ".join(field_messages(error).values())
    flash(_("Nothing was changed. %(reasons)s", reasons=reasons), "error")
    return redirect(back, 303)


def _result_page(
    outcomes: Sequence[Outcome], undo: Sequence[PreviousState], back: str, *, are_lost: bool = False
) -> AnyResponse:
    rejected = [outcome for outcome in outcomes if outcome.error]
    return page(
        "leads/bulk.html",
        outcomes=outcomes,
        rejected=rejected,
        undo=undo,
        are_lost=are_lost,
        back=back,
        address=back,
    )


def _by_state(changes: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return the versions of leads by id, by the state to which they move back."""
    states: dict[str, dict[str, int]] = {}
    for one in map(PreviousState.parse, changes):
        states.setdefault(one.state, {})[one.lead_id] = one.version
    return states


def _parse_selection(text: str) -> tuple[str, int]:
    """Parse the value of a check box: the id of its lead, and the version that the list showed."""
    lead_id, _, version = text.partition(" ")
    return lead_id, form_version(version)


def _read_change(form: Mapping[str, str]) -> dict[str, str | None]:
    """Read which change the form requests; empty if its new value was not chosen."""
    name = "owner" if form.get("do") == "hand-over" else "state"
    value = form.get(name, "")
    if not value:
        return {}
    return {name: chosen_owner(value) if name == "owner" else value}


def _success(change: Mapping[str, str | None], number: int) -> str:
    if "state" in change:
        state = state_label(str(change["state"]))
        return ngettext(
            "%(num)d lead was moved to %(state)s.",
            "%(num)d leads were moved to %(state)s.",
            number,
            state=state,
        )
    owner = change["owner"]
    if owner is None:
        return ngettext("%(num)d lead has no owner now.", "%(num)d leads have no owner now.", number)
    return ngettext(
        "%(num)d lead was handed over to %(name)s.",
        "%(num)d leads were handed over to %(name)s.",
        number,
        name=owner,
    )


def _query(text: str) -> str:
    """Rebuild the query of the list from the form's text, so that the redirect cannot leave the list."""
    return f"?{urlencode(parse_qsl(text)) or EVERYONE}"


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
