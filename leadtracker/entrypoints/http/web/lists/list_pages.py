"""``/dashboard/leads``: the list of leads with its filters, and its export."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, LAST_TOUCH, TOUCH_FIELDS
from leadtracker.domain.model.leads.follow_up import FollowUpStatus
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, Sort
from leadtracker.domain.model.values.paging import Page
from leadtracker.domain.use_cases.leads.find_leads import Count
from leadtracker.entrypoints.formats.labels import FIELD_LABELS, label
from leadtracker.entrypoints.http.requests.cursors import write_cursor
from leadtracker.entrypoints.http.requests.lead_params import OWNER_ME, ExportParams
from leadtracker.entrypoints.http.responses import export_response
from leadtracker.entrypoints.http.web.lists.last_views import EVERYONE, LIST, remember
from leadtracker.entrypoints.http.web.lists.list_view import COLUMNS, LeadListView
from leadtracker.entrypoints.http.web.lists.page_params import read_page_params
from leadtracker.entrypoints.http.web.rendering.page import page, wants_part
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import mark

_PARAMETERS = {
    "q": mark("Search"),
    "state": mark("State"),
    "waiting": mark("Waiting"),
    "owner": mark("Owner"),
    "created_from": mark("Received from"),
    "created_to": mark("Received until"),
    "source": mark("Source"),
    "follow_up": mark("Next follow-up"),
    "duplicates": mark("Duplicates"),
    "hold": mark("Legal hold"),
    "sort": mark("Order"),
    "limit": mark("Leads per page"),
    "columns": mark("Columns"),
    "email": mark("E-mail"),
    "duplicate_of": mark("Repeat enquiries of the lead"),
    "updated_from": mark("Changed from"),
    "updated_to": mark("Changed until"),
}
_WITHOUT_INPUTS = ("email", "duplicate_of", "waiting", "updated_from", "updated_to")
"""The filters that only links have; the form keeps them hidden, or shows them to be corrected if invalid."""


def _touch_labels() -> dict[str, str]:
    labels = {field.name: _(field.label) for field in TOUCH_FIELDS}
    last = {LAST_TOUCH + name: _("Last touch: %(field)s", field=text) for name, text in labels.items()}
    return labels | last


def _choices() -> Mapping[str, Any]:
    """Return what the filters of the list offer, in the language in use."""
    return {
        "duplicates": [("", label(Duplicates.OPEN)), *((one, label(one)) for one in Duplicates)],
        "follow_ups": [
            ("", _("Any")),
            *((one, label(one)) for one in (FollowUpStatus.OVERDUE, FollowUpStatus.DUE)),
            ("none", _("None scheduled")),
        ],
        "parameters": {name: _(text) for name, text in _PARAMETERS.items()} | _touch_labels(),
        "without_inputs": _WITHOUT_INPUTS,
        "states": LeadState,
        "sorts": {one: label(one) for one in Sort},
        "columns": COLUMNS,
        "labels": {name: _(text) for name, text in FIELD_LABELS.items()},
        "fields": FIELDS_BY_NAME,
        "touch_filters": {
            _("Touch"): [(field.name, _(field.label)) for field in TOUCH_FIELDS],
            _("Last touch"): [(LAST_TOUCH + field.name, _(field.label)) for field in TOUCH_FIELDS],
        },
    }


def add_list_pages(blueprint: Blueprint, container: Container) -> None:
    """Add the list and its export."""
    find_leads = container.find_leads()
    export_leads = container.export_leads()
    find_owners = container.find_owners()
    due = container.find_follow_ups().due
    clock = container.clock()
    zone = container.settings().timezone

    @blueprint.get("")
    def listing() -> AnyResponse:
        if not request.args and find_owners.prefers_own(g.actor):
            return redirect(url_for("lead_pages.listing", owner=OWNER_ME))
        list_view = LeadListView.read(request.args, zone, find_leads.parse_search, g.actor)
        found, total, status = Page[Lead]((), None), None, 422
        if list_view.params is not None:
            params, status = list_view.params, 200
            lead_filter = list_view.lead_filter(due)
            remember(LIST, list_view.with_changes())
            found = find_leads(g.actor, lead_filter, limit=params.limit, after=params.after, sort=params.sort)
            is_whole = params.after is None and found.next is None
            total = (
                Count(len(found.items), is_lower_bound=False)
                if is_whole
                else find_leads.count(g.actor, lead_filter, params.sort)
            )
        return _list_page(list_view, found, total, status, clock.now())

    @blueprint.get("/export")
    def export() -> Response:
        formats, args = _split_export(request.args)
        params, errors = read_page_params(ExportParams, formats)
        list_view = LeadListView.read(args, zone, find_leads.parse_search, g.actor, errors)
        if params is None or list_view.params is None:
            g.actor.require(Permission.LEAD_EXPORT)
            return _list_page(list_view, Page((), None), None, 422, clock.now())
        leads = export_leads(g.actor, list_view.lead_filter(due))
        return export_response(leads, params.format, clock.now().astimezone(zone).date())


def _list_page(
    list_view: LeadListView, found: Page[Lead], total: Count | None, status: int, now: datetime
) -> Response:
    next_page = None
    if found.next is not None:
        cursor = write_cursor(list_view.sort, found.next.at, found.next.id)
        next_page = _list_url(list_view.with_changes(cursor=cursor))
    response = page(
        "leads/list.html",
        status,
        list_view=list_view,
        found=found,
        total=total,
        next_page=next_page,
        is_first_page="cursor" not in request.args,
        list_url=_list_url,
        sort_of=_sort_links(list_view),
        now=now,
        **_choices(),
    )
    if wants_part():
        response.headers["HX-Replace-Url"] = _list_url(list_view.first_page)
    return response


def _list_url(query: str) -> str:
    return f"{url_for('lead_pages.listing')}?{query or EVERYONE}"


def _sort_links(list_view: LeadListView) -> Callable[[str], Sort | None]:
    """Return a function from a column to the order that a click on its title selects, or None."""

    def other(column: str) -> Sort | None:
        sorts = [sort for sort in reversed(Sort) if sort.key == column]
        return next((sort for sort in sorts if sort is not list_view.sort), sorts[0] if sorts else None)

    return other


def _split_export(args: "MultiDict[str, str]") -> tuple["MultiDict[str, str]", "MultiDict[str, str]"]:
    """Return the format of an export, and the other parameters without those that it ignores."""
    ignored = {"cursor", "sort", "limit", "format"}
    formats = MultiDict(("format", text) for text in args.getlist("format"))
    return formats, MultiDict(item for item in args.items(multi=True) if item[0] not in ignored)
