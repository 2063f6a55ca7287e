"""Describe the webhooks: the events that LeadTracker posts to the endpoints in its settings."""

from typing import Any

from attrs import frozen
from pydantic import Field

from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.model.deliveries.webhook import TEST_EVENT
from leadtracker.entrypoints.formats.as_json import EXAMPLE_TIMESTAMP, JsonModel
from leadtracker.entrypoints.formats.json_models.leads import EXAMPLE_LEAD_ID, LeadJson
from leadtracker.entrypoints.http.openapi.components import Component
from leadtracker.entrypoints.http.openapi.operations import OpenApiObject, in_header
from leadtracker.entrypoints.http.openapi.schemas import object_of, text, timestamp


class LeadDifferenceJson(JsonModel):
    """One property of a lead that got another value."""

    field: str = Field(examples=["state"])
    before: Any = Field(serialization_alias="from", examples=["PENDING"])
    after: Any = Field(serialization_alias="to", examples=["REACHED_OUT"])


class ChangedLeadJson(LeadJson):
    """A lead after a change, with the differences."""

    changes: list[LeadDifferenceJson]


@frozen
class _Event:
    """One type of event.

    Attributes:
        type: the ``type`` of the body.
        name: the name of its schema, and of its operation.
        summary: the heading in the documentation.
        data: the schema of its ``data``.
    """

    type: str
    name: str
    summary: str
    data: Any


_EVENTS = (
    _Event(DeliveryKind.LEAD_CREATED, "LeadCreated", "A lead was captured", LeadJson),
    _Event(
        DeliveryKind.LEAD_UPDATED, "LeadUpdated", "A lead changed, other than by its state", ChangedLeadJson
    ),
    _Event(DeliveryKind.LEAD_STATE_CHANGED, "LeadStateChanged", "A lead changed its state", ChangedLeadJson),
    _Event(
        DeliveryKind.LEAD_ERASED,
        "LeadErased",
        "A person was erased",
        object_of(id=text("The id of the erased lead.", examples=[EXAMPLE_LEAD_ID])),
    ),
    _Event(TEST_EVENT, "Test", "An operator tests the endpoint", object_of()),
)

_HEADERS = (
    in_header(
        "webhook-id", "Identifies the event at this endpoint; the same on every attempt.", EXAMPLE_LEAD_ID
    ),
    in_header("webhook-timestamp", "The time of this attempt, in seconds since 1970.", "1763285400"),
    in_header(
        "webhook-signature",
        "`v1,` and a base64 HMAC-SHA256 for each secret, separated by spaces.",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
)


def webhooks() -> dict[str, OpenApiObject]:
    """Return every event by its type."""
    return {str(event.type): {"post": _post(event)} for event in _EVENTS}


def _post(event: _Event) -> OpenApiObject:
    schema = object_of(
        type={"type": "string", "const": str(event.type)},
        timestamp=timestamp("When the event happened.") | {"examples": [EXAMPLE_TIMESTAMP]},
        data=event.data,
    )
    body = Component(f"{event.name}Event", schema)
    return {
        "operationId": f"send{event.name}",
        "tags": ["Webhooks"],
        "summary": event.summary,
        "parameters": [header | {"required": True} for header in _HEADERS],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "2XX": {"description": "The endpoint has accepted the event."},
            "410": {"description": "The endpoint wants no more events; LeadTracker disables it."},
            "default": {
                "description": "LeadTracker repeats the event for about three days; it honours `Retry-After`."
            },
        },
    }
