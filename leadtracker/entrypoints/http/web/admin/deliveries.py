"""``/dashboard/deliveries``: what was sent, what waits, and what nobody got."""

from flask import Blueprint, Response, g, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leadtracker.container import Container
from leadtracker.domain.errors import Conflict
from leadtracker.domain.model.deliveries.delivery import DeliveryState
from leadtracker.entrypoints.http.auth.sessions import Browsers
from leadtracker.entrypoints.http.requests.cursors import write_cursor
from leadtracker.entrypoints.http.requests.list_params import delivery_listing, read_delivery_listing
from leadtracker.entrypoints.http.web.rendering.dashboard_base import staff_blueprint
from leadtracker.entrypoints.http.web.rendering.forms import back_to
from leadtracker.entrypoints.http.web.rendering.page import page


def delivery_pages(container: Container, browsers: Browsers) -> Blueprint:
    """The routes of the outbox's page."""
    blueprint = staff_blueprint("delivery_pages", browsers, "/deliveries")
    manage_deliveries = container.manage_deliveries()

    @blueprint.get("")
    def listing() -> Response:
        asked = read_delivery_listing(request.args)
        found = manage_deliveries.page(g.actor, asked.state, limit=asked.limit, after=asked.after)
        cursor = found.next
        more = cursor and write_cursor(delivery_listing(asked.state), cursor.created_at, cursor.delivery_id)
        more_url = more and url_for("delivery_pages.listing", state=asked.state, cursor=more)
        return page(
            "deliveries.html",
            deliveries=found.deliveries,
            state=asked.state,
            states=list(DeliveryState),
            more_url=more_url,
        )

    @blueprint.post("/<name:delivery_id>/retry")
    def retry(delivery_id: str) -> AnyResponse:
        try:
            manage_deliveries.retry(g.actor, delivery_id)
        except Conflict as error:
            return back_to("delivery_pages.listing", f"{error}.".capitalize(), "error")
        return back_to("delivery_pages.listing", "It will be tried again within seconds.")

    @blueprint.post("/retry-failed")
    def retry_failed() -> AnyResponse:
        number = manage_deliveries.retry_failed(g.actor)
        return back_to("delivery_pages.listing", f"{number} failed deliveries will be tried again now.")

    return blueprint
