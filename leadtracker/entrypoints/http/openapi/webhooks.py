"""What other programs are told: the events that are posted to the endpoints in the settings."""

from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.model.deliveries.webhook import TEST_EVENT
from leadtracker.entrypoints.http.openapi.lead_schemas import lead_schemas
from leadtracker.entrypoints.http.openapi.operations import OpenApiObject, in_header, json_body
from leadtracker.entrypoints.http.openapi.types import Schema, array_of, object_of, ref, text, time

_EVENTS: tuple[tuple[str, str, str], ...] = (
    (DeliveryKind.LEAD_CREATED, "LeadCreated", "A lead came in"),
    (DeliveryKind.LEAD_UPDATED, "LeadUpdated", "Something about a lead changed, other than its state"),
    (DeliveryKind.LEAD_STATE_CHANGED, "LeadStateChanged", "A lead moved to another state"),
    (DeliveryKind.LEAD_ERASED, "LeadErased", "A person was erased"),
    (TEST_EVENT, "Test", "Somebody tries the endpoint out"),
)


def webhooks() -> dict[str, OpenApiObject]:
    """Every event by its type."""
    return {str(kind): {"post": _post(name, summary)} for kind, name, summary in _EVENTS}


def webhook_schemas() -> dict[str, Schema]:
    """The bodies of events."""
    lead = lead_schemas()["Lead"]
    changed = {
        **lead,
        "properties": lead["properties"] | {"changes": array_of("LeadDifference")},
        "required": [*lead["required"], "changes"],
    }
    data: dict[str, Schema] = {
        "LeadCreated": ref("Lead"),
        "LeadUpdated": ref("ChangedLead"),
        "LeadStateChanged": ref("ChangedLead"),
        "LeadErased": object_of(id=text("Of the lead that was erased.")),
        "Test": object_of(),
    }
    return {
        "ChangedLead": changed | {"description": "A lead as it is now, and what is different."},
        "LeadDifference": object_of(field=text(), **{"from": {}, "to": {}}),
        **{
            f"{name}Event": object_of(type={"const": str(kind)}, timestamp=time(), data=data[name])
            for kind, name, _ in _EVENTS
        },
    }


def _post(name: str, summary: str) -> OpenApiObject:
    headers = (
        ("webhook-id", "Of this event at this endpoint; the same on every attempt."),
        ("webhook-timestamp", "When this attempt was made, in seconds since 1970."),
        ("webhook-signature", "`v1,` and a base64 HMAC-SHA256, once for each secret, with spaces between."),
    )
    return {
        "operationId": f"tell{name}",
        "tags": ["Webhooks"],
        "summary": summary,
        "parameters": [in_header(header, what) | {"required": True} for header, what in headers],
        "requestBody": json_body(f"{name}Event"),
        "responses": {
            "2XX": {"description": "The endpoint has it."},
            "410": {"description": "The endpoint wants no more events, and is disabled."},
            "default": {"description": "It is sent again, for about three days; `Retry-After` is honoured."},
        },
    }
