"""``/dashboard/deliveries``: mails and webhooks with their states and attempts."""

from collections.abc import Mapping

from flask import Blueprint, Response, g, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import Conflict, InvalidInput
from leadtracker.domain.model.accounts.access import Permission
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryState
from leadtracker.domain.model.leads.queries.lead_query import DEFAULT_PAGE_SIZE
from leadtracker.domain.model.values.paging import Page
from leadtracker.domain.use_cases.deliveries.manage_deliveries import ManageDeliveries
from leadtracker.entrypoints.formats.field_messages import field_messages
from leadtracker.entrypoints.http.auth.login_sessions import LoginSessions
from leadtracker.entrypoints.http.requests.cursors import write_cursor
from leadtracker.entrypoints.http.requests.list_params import DeliveryListParams, delivery_list_name
from leadtracker.entrypoints.http.web.lists.page_params import read_page_params
from leadtracker.entrypoints.http.web.rendering.dashboard_base import dashboard_blueprint
from leadtracker.entrypoints.http.web.rendering.page import form_fields, page, redirect_with_message
from leadtracker.i18n.texts import gettext as _
from leadtracker.i18n.texts import ngettext


def delivery_pages(container: Container, login_sessions: LoginSessions) -> Blueprint:
    """Create the routes of the deliveries page."""
    blueprint = dashboard_blueprint("delivery_pages", login_sessions, "/deliveries")
    manage_deliveries, read_lead_names = container.manage_deliveries(), container.read_lead_names()
    send_test_mail = container.send_test_mail()

    def names_in(found: Page[Delivery]) -> dict[str, str]:
        return read_lead_names(g.actor, {one.lead_id for one in found.items if one.lead_id})

    @blueprint.get("")
    def listing() -> Response:
        params, errors = read_page_params(DeliveryListParams, request.args)
        if params is None:
            g.actor.require(Permission.DELIVERY_MANAGE)
            return _list_page(Page[Delivery]((), None), {}, None, errors)
        found = manage_deliveries.page(g.actor, params.state, limit=params.limit, after=params.after)
        return _list_page(found, names_in(found), params.state)

    @blueprint.post("/test")
    def send_test() -> AnyResponse:
        given = form_fields()
        try:
            mail = send_test_mail.enqueue(g.actor, given.get("address", ""))
        except InvalidInput as error:
            found = manage_deliveries.page(g.actor, None, limit=DEFAULT_PAGE_SIZE, after=None)
            return _list_page(found, names_in(found), None, test=(given, field_messages(error)))
        message = _("The test e-mail to %(address)s will be sent within seconds.", address=mail.recipient)
        return redirect_with_message("delivery_pages.listing", message)

    _add_retries(blueprint, manage_deliveries)
    return blueprint


def _add_retries(blueprint: Blueprint, manage_deliveries: ManageDeliveries) -> None:
    @blueprint.post("/<name:delivery_id>/retry")
    def retry(delivery_id: str) -> AnyResponse:
        try:
            manage_deliveries.retry(g.actor, delivery_id)
        except Conflict:
            return redirect_with_message(
                "delivery_pages.listing", _("Only pending and failed deliveries can be retried."), "error"
            )
        return redirect_with_message("delivery_pages.listing", _("It will be retried within seconds."))

    @blueprint.post("/retry-failed")
    def retry_failed() -> AnyResponse:
        number = manage_deliveries.retry_failed(g.actor)
        message = ngettext(
            "%(num)d failed delivery will be retried now.",
            "%(num)d failed deliveries will be retried now.",
            number,
        )
        return redirect_with_message("delivery_pages.listing", message)

    @blueprint.post("/retry-pending")
    def retry_pending() -> AnyResponse:
        number = manage_deliveries.retry_pending(g.actor)
        message = ngettext(
            "%(num)d pending delivery will be retried now.",
            "%(num)d pending deliveries will be retried now.",
            number,
        )
        return redirect_with_message("delivery_pages.listing", message)


def _list_page(
    found: Page[Delivery],
    names: Mapping[str, str],
    state: DeliveryState | None,
    errors: Mapping[str, str] | None = None,
    *,
    test: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
) -> Response:
    """Render the list.

    Args:
        found: the deliveries.
        names: the names of the leads that they are about, by their ids; erased leads are absent.
        state: the only state in the list; None for all.
        errors: those of the parameters of the URL.
        test: the form for a test e-mail as it was sent, and its errors.
    """
    cursor = found.next
    more = cursor and write_cursor(delivery_list_name(state), cursor.at, cursor.id)
    given, test_errors = test
    return page(
        "admin/deliveries.html",
        422 if errors or test_errors else 200,
        errors=errors,
        test=given,
        test_errors=test_errors,
        deliveries=found.items,
        names=names,
        state=state,
        states=list(DeliveryState),
        more_url=more and url_for("delivery_pages.listing", state=state, cursor=more),
    )
