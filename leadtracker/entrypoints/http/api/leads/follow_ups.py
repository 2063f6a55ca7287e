"""Follow-ups: record them, schedule the next one, and list them."""

from flask import Blueprint, Response, request

from leadtracker.container import Container
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME
from leadtracker.entrypoints.formats.json_models.leads import FollowUpJson
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.components import Component
from leadtracker.entrypoints.http.openapi.operations import (
    LEAD_ID,
    OpenApiObject,
    Paths,
    error_responses,
    operation,
)
from leadtracker.entrypoints.http.openapi.schemas import array_of, lines, object_of, or_null, timestamp
from leadtracker.entrypoints.http.requests.body import read_optional_fields
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.list_params import FollowUpListParams, follow_up_list_name
from leadtracker.entrypoints.http.requests.query import openapi_parameters
from leadtracker.entrypoints.http.responses import json_response


def follow_ups_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of follow-ups."""
    blueprint = Blueprint("follow_ups", __name__)
    record_follow_up = container.record_follow_up()
    find_follow_ups = container.find_follow_ups()

    @blueprint.post("/leads/<lead_id:lead_id>/follow-up")
    def record(lead_id: str) -> Response:
        actor = authenticator.require_actor()
        recorded = record_follow_up(actor, lead_id, read_optional_fields())
        return json_response(FollowUpJson.of(recorded), 201)

    @blueprint.get("/follow-ups")
    def listing() -> Response:
        actor = authenticator.require_actor()
        params = FollowUpListParams.read(request.args)
        page = find_follow_ups(actor, params.status, limit=params.limit, after=params.after)
        name, cursor = follow_up_list_name(params.status), page.next
        headers = next_link(name, cursor.at, cursor.id) if cursor else None
        return json_response([FollowUpJson.of(one) for one in page.items], headers=headers)

    return blueprint


def follow_up_operations() -> Paths:
    """The operations of follow-ups."""
    return {
        "/leads/{lead_id}/follow-up": {"post": _record_follow_up()},
        "/follow-ups": {
            "get": operation(
                "listFollowUps",
                "Work",
                "List follow-ups, the next one first; those that are done, the latest first",
                openapi.json_response(200, "A page.", array_of(FollowUpJson), openapi.NEXT_LINK)
                | error_responses(422),
                parameters=openapi_parameters(FollowUpListParams),
            )
        },
    }


def _record_follow_up() -> OpenApiObject:
    return operation(
        "recordFollowUp",
        "Work",
        "Record a follow-up, schedule the next one, or both",
        openapi.json_response(201, "The follow-up; of two, the scheduled one.", FollowUpJson)
        | error_responses(400, 404, 411, 413, 415, 422),
        description=(
            "A lead has one next follow-up: a new one replaces it, and a follow-up that is done now "
            "completes it. A request without a body records a follow-up that is done now."
        ),
        parameters=[LEAD_ID],
        requestBody=openapi.json_body(
            _new_follow_up(), {"due_at": "2026-11-30T09:00:00.000000Z", "note": "Ask again."}, required=False
        ),
    )


def _new_follow_up() -> Component:
    max_length = FIELDS_BY_NAME["message"].max_length
    schema = object_of(
        (),
        due_at=or_null(
            timestamp("Schedules the lead's next follow-up, instead of the one scheduled before.")
        ),
        note=or_null(
            lines("For users of LeadTracker.", maxLength=max_length, examples=["Ask for the contract."])
        ),
        message=or_null(
            lines(
                "Sent to the prospect by e-mail now.",
                maxLength=max_length,
                examples=["May I call you on Monday?"],
            )
        ),
    )
    description = "A follow-up without `due_at`, or with a `message`, is done now."
    return Component("NewFollowUp", schema | {"description": description})
