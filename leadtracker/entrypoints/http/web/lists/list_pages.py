"""``/dashboard/leads``: the list of leads with its filters, and its export."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, LAST_TOUCH, TOUCH_FIELDS
from leadtracker.domain.model.leads.follow_up import FollowUpStatus
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.queries.text_order import MAX_SORTED_BY_TEXT, TextSort
from leadtracker.domain.model.values.paging import Page
from leadtracker.domain.use_cases.leads.find_leads import Count, FindLeads
from leadtracker.entrypoints.formats.labels import FIELD_LABELS, label
from leadtracker.entrypoints.http.requests.cursors import write_cursor
from leadtracker.entrypoints.http.requests.lead_params import OWNER_ME, ExportParams, LeadListParams
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
        "sorts": {one: label(one) for one in (*Sort, *TextSort)},
        "columns": COLUMNS,
        "labels": {name: _(text) for name, text in FIELD_LABELS.items()},
        "fields": FIELDS_BY_NAME,
        "touch_filters": {
            _("First touch"): [(field.name, _(field.label)) for field in TOUCH_FIELDS],
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
        if list_view.params is None:
            return _invalid_page(list_view, clock.now())
        params, lead_filter = list_view.params, list_view.lead_filter(due)
        remember(LIST, list_view.with_changes())
        found, order = _read_page(find_leads, lead_filter, params)
        is_whole = params.after is None and found.next is None
        total = (
            Count(len(found.items), is_lower_bound=False)
            if is_whole
            else find_leads.count(g.actor, lead_filter, order)
        )
        return _list_page(list_view, found, order, total, clock.now())

    @blueprint.get("/export")
    def export() -> Response:
        formats, args = _split_export(request.args)
        params, errors = read_page_params(ExportParams, formats)
        list_view = LeadListView.read(args, zone, find_leads.parse_search, g.actor, errors)
        if params is None or list_view.params is None:
            g.actor.require(Permission.LEAD_EXPORT)
            return _invalid_page(list_view, clock.now())
        leads = export_leads(g.actor, list_view.lead_filter(due))
        return export_response(leads, params.format, clock.now().astimezone(zone).date())


def _read_page(
    find_leads: FindLeads, lead_filter: LeadFilter, params: LeadListParams
) -> tuple[Page[Lead], Sort | TextSort]:
    """Read a page of the list, or its first page in the usual order if too many leads match for another.

    Returns:
        The page and its order.
    """
    limit, sort = params.limit, params.sort
    try:
        return find_leads(g.actor, lead_filter, limit=limit, after=params.after, sort=sort), sort
    except InvalidInput:
        sort = Sort.LATEST_CREATED
        return find_leads(g.actor, lead_filter, limit=limit, after=None, sort=sort), sort


def _invalid_page(list_view: LeadListView, now: datetime) -> Response:
    """Return the page of a list whose URL has an invalid parameter."""
    return _list_page(list_view, Page((), None), list_view.sort, None, now)


def _list_page(
    list_view: LeadListView,
    found: Page[Lead],
    order: Sort | TextSort,
    total: Count | None,
    now: datetime,
) -> Response:
    next_page = None
    if found.next is not None:
        cursor = write_cursor(order, found.next.at, found.next.id, found.next.text)
        kept = {} if order is list_view.sort else {"sort": None}
        next_page = _list_url(list_view.with_changes(cursor=cursor, **kept))
    response = page(
        "leads/list.html",
        422 if list_view.params is None else 200,
        list_view=list_view,
        found=found,
        total=total,
        next_page=next_page,
        is_first_page="cursor" not in request.args,
        list_url=_list_url,
        order=order,
        sort_of=_sort_links(order),
        max_sorted=MAX_SORTED_BY_TEXT,
        now=now,
        **_choices(),
    )
    if wants_part():
        response.headers["HX-Replace-Url"] = _list_url(list_view.first_page)
    return response


def _list_url(query: str) -> str:
    return f"{url_for('lead_pages.listing')}?{query or EVERYONE}"


def _sort_links(order: Sort | TextSort) -> Callable[[str], Sort | TextSort | None]:
    """Return a function from a column to the order that a click on its title selects, or None.

    Times begin with the latest, texts with A.
    """

    def other(column: str) -> Sort | TextSort | None:
        sorts = [sort for sort in (*reversed(Sort), *TextSort) if sort.key == column]
        return next((sort for sort in sorts if sort is not order), sorts[0] if sorts else None)

    return other


def _split_export(args: "MultiDict[str, str]") -> tuple["MultiDict[str, str]", "MultiDict[str, str]"]:
    """Return the format of an export, and the other parameters without those that it ignores."""
    ignored = {"cursor", "sort", "limit", "format"}
    formats = MultiDict(("format", text) for text in args.getlist("format"))
    return formats, MultiDict(item for item in args.items(multi=True) if item[0] not in ignored)
