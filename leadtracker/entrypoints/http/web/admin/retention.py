"""``/dashboard/retention``: whom retention erases now and soon."""

from collections.abc import Sequence
from typing import Annotated

from flask import Blueprint, Response, g, request, url_for
from pydantic import Field, field_validator

from leadtracker.container import Container
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import DEFAULT_PAGE_SIZE
from leadtracker.domain.model.leads.retention import NOTICE
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.use_cases.leads.retention import MAX_COUNTED, DueLead, StateRetention
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.cursors import read_cursor, write_cursor
from leadtracker.entrypoints.http.requests.query import QueryParams, parsed_by
from leadtracker.entrypoints.http.web.lists.page_params import read_page_params
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import page

_CURSOR = "retention"
_NONE_DUE = Page[DueLead]((), None)


class RetentionParams(QueryParams):
    """The parameters of the page: a state, and the position in its list."""

    state: Annotated[LeadState | None, parsed_by(LeadState.parse)] = None
    after: Cursor | None = Field(None, alias="cursor")

    @field_validator("after", mode="plain")
    @classmethod
    def _read_after(cls, text: str) -> Cursor:
        return Cursor(*read_cursor(_CURSOR, text))


def retention_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the route of the preview of retention."""
    blueprint = dashboard_blueprint("retention_pages", login_sessions, "/retention")
    preview = container.preview_retention()
    now = container.clock().now

    @blueprint.get("")
    def show() -> Response:
        params, errors = read_page_params(RetentionParams, request.args)
        counts = preview.counts(g.actor)
        state = _shown(counts, params.state) if params else None
        found = _NONE_DUE
        if params is not None and state is not None:
            found = preview.page(g.actor, state, limit=DEFAULT_PAGE_SIZE, after=params.after)
        return page(
            "admin/retention.html",
            422 if errors else 200,
            errors=errors,
            counts=counts,
            max_counted=MAX_COUNTED,
            days=NOTICE.days,
            state=state,
            leads=found.items,
            is_first_page=params is None or params.after is None,
            more_url=_more_url(state, found),
            is_paused=bool(counts) and preview.is_paused(),
            now=now(),
        )

    return blueprint


def _shown(counts: Sequence[StateRetention], chosen: LeadState | None) -> LeadState | None:
    """Return the state whose leads are listed: the chosen one, else the one that concerns most persons."""
    if chosen in {one.state for one in counts}:
        return chosen
    return max(counts, key=lambda one: (one.due, one.soon or 0)).state if counts else None


def _more_url(state: LeadState | None, found: Page[DueLead]) -> str | None:
    if state is None or found.next is None:
        return None
    cursor = write_cursor(_CURSOR, found.next.at, found.next.id)
    return url_for("retention_pages.show", state=state.value, cursor=cursor)
