"""``/dashboard/board``: a column of cards for each state; buttons change the state of a card's lead."""

from urllib.parse import urlencode

from attrs import evolve
from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import IllegalTransition, VersionConflict
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import ALLOWED_TRANSITIONS, LeadState
from leadtracker.domain.model.leads.queries.lead_query import WAITING, LeadFilter
from leadtracker.domain.model.values.paging import Page
from leadtracker.domain.use_cases.leads.find_leads import FindLeads
from leadtracker.domain.use_cases.ownership.check_owner import owner_of
from leadtracker.entrypoints.formats.labels import state_label
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.conditional_requests import form_version
from leadtracker.entrypoints.http.requests.lead_params import OWNER_ME, OWNER_NONE
from leadtracker.entrypoints.http.web.lists.last_views import BOARD, remember
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.owners import owner_filters
from leadtracker.entrypoints.http.web.rendering.page import page
from leadtracker.entrypoints.http.web.rendering.undo import offer_undo
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_CARDS_PER_COLUMN = 50
_CONFLICT = mark(
    "Another user has changed %(name)s since you opened the board. Nothing was moved; the state is %(state)s."
)
_ILLEGAL = mark("The state of %(name)s is %(state)s; from there it cannot move to %(target)s.")


def _columns(find_leads: FindLeads, owner: str) -> dict[LeadState, Page[Lead]]:
    return {
        state: find_leads(g.actor, _in_column(state, owner), limit=_CARDS_PER_COLUMN, after=None)
        for state in LeadState
    }


def _in_column(state: LeadState, owner: str) -> LeadFilter:
    """Return the leads of a column: those that wait for an answer, or the primary leads in a later state.

    Args:
        state: the state of the column.
        owner: a value of ``owner_filters``.
    """
    found = WAITING if state is LeadState.PENDING else LeadFilter(states=frozenset([state]))
    if owner == OWNER_NONE:
        return evolve(found, is_unowned=True)
    if owner == OWNER_ME:
        return evolve(found, owner=owner_of(g.actor))
    return evolve(found, owner=owner) if owner else found


def board_blueprint(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the board."""
    blueprint = dashboard_blueprint("board", login_sessions, "/board")
    find_leads = container.find_leads()
    get_lead = container.get_lead()
    update_lead = container.update_lead()
    find_owners = container.find_owners()
    clock = container.clock()

    @blueprint.get("")
    def columns() -> AnyResponse:
        if not request.args and find_owners.prefers_own(g.actor):
            return redirect(url_for("board.columns", owner=OWNER_ME))
        owner = request.args.get("owner", "")[:MAX_ACCOUNT_NAME_LENGTH]
        remember(BOARD, urlencode({"owner": owner}))
        return page(
            "leads/board.html",
            columns=_columns(find_leads, owner),
            allowed_transitions=ALLOWED_TRANSITIONS,
            now=clock.now(),
            owner=owner,
            owner_filters=owner_filters(find_owners(g.actor), owner),
        )

    @blueprint.post("")
    def change_state() -> AnyResponse:
        lead_id, version, state = [*request.form.get("move", "").split(" "), "", "", ""][:3]
        try:
            changes = update_lead.with_answered(g.actor, lead_id, {"state": state}, {form_version(version)})
            before, lead = changes[0]
            offer_undo(before, lead, "board")
            text = _("%(name)s moved to %(state)s.", name=lead.full_name, state=state_label(lead.state))
            flash(text, "success")
        except (VersionConflict, IllegalTransition) as error:
            flash(_why_not(error, get_lead(g.actor, lead_id), state), "error")
        return redirect(url_for("board.columns", owner=request.form.get("owner", "")), 303)

    return blueprint


def _why_not(error: VersionConflict | IllegalTransition, lead: Lead, target: str) -> str:
    name, current = lead.full_name, state_label(lead.state)
    if isinstance(error, VersionConflict):
        return _(_CONFLICT, name=name, state=current)
    return _(_ILLEGAL, name=name, state=current, target=state_label(target))
