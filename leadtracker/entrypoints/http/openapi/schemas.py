"""The shapes of bodies."""

from leadtracker.domain.model.deliveries.deliverable import Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, DeliveryKind, DeliveryState
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.entrypoints.http.openapi.account_schemas import account_schemas
from leadtracker.entrypoints.http.openapi.lead_schemas import lead_schemas
from leadtracker.entrypoints.http.openapi.types import (
    Schema,
    array_of,
    object_of,
    one_of,
    or_null,
    text,
    time,
)


def schemas() -> dict[str, Schema]:
    """Every named schema."""
    return {
        **lead_schemas(),
        "Delivery": _delivery(),
        "WeeklyReport": _weekly_report(),
        "Attempt": _attempt(),
        **account_schemas(),
        "Readiness": _readiness(),
        "Problem": _problem(),
    }


def _delivery() -> Schema:
    return object_of(
        id=text("Opaque."),
        channel=one_of(Channel),
        kind=one_of(DeliveryKind),
        recipient=text("An e-mail address, or scheme and host of a webhook endpoint."),
        lead_id=or_null(text("Null if it is about no single lead.")),
        state=one_of(DeliveryState),
        created_at=time(),
        next_attempt_at=or_null(time()),
        message_id=text("The same on every attempt: the Message-ID of a mail, the webhook-id of a webhook."),
        attempts=array_of("Attempt"),
    )


def _weekly_report() -> Schema:
    return object_of(
        week=text("ISO 8601, such as 2026-W46.", pattern=r"^\d{4}-W\d{2}$"),
        start=time("The first timestamp of the week."),
        end=time("The first timestamp after the week."),
        number_of_leads={"type": "integer", "minimum": 0, "description": "Sealed; never changes."},
        state=one_of(ReportState),
        may_have_arrived_twice={"type": "boolean"},
        sealed_at=time(),
        next_attempt_at=or_null(time()),
        attempts=array_of("Attempt"),
    )


def _attempt() -> Schema:
    return object_of(
        number={"type": "integer", "minimum": 1},
        started_at=time(),
        finished_at=or_null(time()),
        outcome={
            "enum": [*sorted(Outcome), None],
            "description": "null while the attempt goes on.",
        },
        status=or_null({"type": "integer", "description": "Of the receiver's answer: HTTP or SMTP."}),
        detail=or_null(text()),
    )


def _readiness() -> Schema:
    check = object_of(passed={"type": "boolean"}, detail=text())
    return object_of(status={"const": "ready"}, checks={"type": "object", "additionalProperties": check})


def _problem() -> Schema:
    return {
        "type": "object",
        "description": "RFC 9457. Some types have more members.",
        "properties": {
            "type": text("Stable; ends in the kind of problem.", format="uri"),
            "title": text(),
            "status": {"type": "integer"},
            "detail": text(),
            "request_id": text("The same as in X-Request-ID; tell it to the operator."),
            "errors": {
                "type": "array",
                "description": "Every bad field (422).",
                "items": object_of(field=text(), message=text()),
            },
            "lead": text("The lead that has the address already (409).", format="uri"),
            "allowed": {"type": "array", "items": text(), "description": "The states in reach (409)."},
            "version": {"type": "integer", "description": "The lead's version (412)."},
        },
        "required": ["type", "title", "status", "request_id"],
    }
