"""``/deliveries``: inspect and retry e-mails and webhooks."""

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.domain.model.deliveries.delivery import Delivery
from leadtracker.entrypoints.formats.json_models.deliveries import DeliveryJson
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.operations import Paths, error_responses, id_in_path, operation
from leadtracker.entrypoints.http.openapi.schemas import array_of
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import DeliveryListParams, delivery_list_name
from leadtracker.entrypoints.http.requests.query import openapi_parameters
from leadtracker.entrypoints.http.responses import json_response

_TAG = "Deliveries"


def deliveries_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of deliveries."""
    blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")
    manage_deliveries = container.manage_deliveries()
    mail_domain = container.settings().mail_domain

    def as_json(delivery: Delivery) -> DeliveryJson:
        return DeliveryJson.for_sender(delivery, mail_domain)

    @blueprint.get("")
    def listing() -> Response:
        actor = authenticator.require_actor()
        params = DeliveryListParams.read(request.args)
        page = manage_deliveries.page(actor, params.state, limit=params.limit, after=params.after)
        name, cursor = delivery_list_name(params.state), page.next
        headers = next_link(name, cursor.at, cursor.id) if cursor else None
        return json_response([as_json(delivery) for delivery in page.items], headers=headers)

    @blueprint.post("/<name:delivery_id>/retry")
    def retry(delivery_id: str) -> Response:
        delivery = manage_deliveries.retry(authenticator.require_actor(), delivery_id)
        return json_response(as_json(delivery), 202)

    return blueprint


def delivery_operations() -> Paths:
    """The operations of deliveries."""
    return {
        "/deliveries": {
            "get": operation(
                "listDeliveries",
                _TAG,
                "List e-mails and webhooks, newest first",
                openapi.json_response(200, "A page.", array_of(DeliveryJson), openapi.NEXT_LINK)
                | error_responses(422),
                parameters=openapi_parameters(DeliveryListParams),
            )
        },
        "/deliveries/{delivery_id}/retry": {
            "post": operation(
                "retryDelivery",
                _TAG,
                "Retry a pending or failed delivery",
                openapi.json_response(202, "The delivery is due now.", DeliveryJson)
                | error_responses(404, 409),
                parameters=[id_in_path("delivery_id", "The id of the delivery.")],
            )
        },
    }
