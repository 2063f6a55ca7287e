"""``/deliveries``: the outbox."""

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.entrypoints.formats.as_json import delivery_json
from leadtracker.entrypoints.http.api.responses import json_answer
from leadtracker.entrypoints.http.auth.authentication import Callers
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import delivery_listing, read_delivery_listing


def deliveries_blueprint(container: Container, callers: Callers) -> Blueprint:
    """The routes of deliveries."""
    blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")
    manage_deliveries = container.manage_deliveries()

    @blueprint.get("")
    def listing() -> Response:
        actor = callers.known()
        asked = read_delivery_listing(request.args)
        page = manage_deliveries.page(actor, asked.state, limit=asked.limit, after=asked.after)
        name, cursor = delivery_listing(asked.state), page.next
        headers = next_link(name, cursor.created_at, cursor.delivery_id) if cursor else None
        return json_answer([delivery_json(delivery) for delivery in page.deliveries], headers=headers)

    @blueprint.post("/<name:delivery_id>/retry")
    def retry(delivery_id: str) -> Response:
        return json_answer(delivery_json(manage_deliveries.retry(callers.known(), delivery_id)), 202)

    return blueprint
