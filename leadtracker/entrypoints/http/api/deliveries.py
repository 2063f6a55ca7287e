"""``/deliveries``: the outbox."""

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.entrypoints.formats.as_json import delivery_json
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import DeliveryListParams, delivery_list_name
from leadtracker.entrypoints.http.responses import json_response


def deliveries_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of deliveries."""
    blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")
    manage_deliveries = container.manage_deliveries()

    @blueprint.get("")
    def listing() -> Response:
        actor = authenticator.require_actor()
        params = DeliveryListParams.read(request.args)
        page = manage_deliveries.page(actor, params.state, limit=params.limit, after=params.after)
        name, cursor = delivery_list_name(params.state), page.next
        headers = next_link(name, cursor.created_at, cursor.delivery_id) if cursor else None
        return json_response([delivery_json(delivery) for delivery in page.deliveries], headers=headers)

    @blueprint.post("/<name:delivery_id>/retry")
    def retry(delivery_id: str) -> Response:
        return json_response(
            delivery_json(manage_deliveries.retry(authenticator.require_actor(), delivery_id)), 202
        )

    return blueprint
