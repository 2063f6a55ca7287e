"""The routes of deliveries."""

from leadtracker.domain.model.deliveries.delivery import DeliveryState
from leadtracker.entrypoints.http.openapi.operations import (
    AUTHENTICATED,
    NEXT_LINK,
    PAGING,
    OpenApiObject,
    error_responses,
    in_path,
    in_query,
    json_response,
    operation,
)
from leadtracker.entrypoints.http.openapi.types import array_of, ref


def delivery_paths() -> dict[str, OpenApiObject]:
    """The paths of deliveries."""
    return {
        "/deliveries": {"get": _list_deliveries()},
        "/deliveries/{delivery_id}/retry": {"post": _retry_delivery()},
    }


def _list_deliveries() -> OpenApiObject:
    state = in_query("state", "Only these.", enum=sorted(DeliveryState))
    return operation(
        "listDeliveries",
        "Deliveries",
        "List the mails and webhooks in the outbox, latest first",
        {"200": json_response("A page.", array_of("Delivery"), NEXT_LINK), **error_responses(422)},
        parameters=[state, *PAGING],
        **AUTHENTICATED,
    )


def _retry_delivery() -> OpenApiObject:
    delivery_id = in_path("delivery_id", "The delivery's id.", pattern="^[A-Za-z0-9_-]{1,64}$")
    return operation(
        "retryDelivery",
        "Deliveries",
        "Have a mail or webhook sent that is pending or failed",
        {"202": json_response("It is due now.", ref("Delivery")), **error_responses(404, 409)},
        parameters=[delivery_id],
        **AUTHENTICATED,
    )
