"""The routes of work on leads, and of numbers about them."""

from leadtracker.domain.model.leads.follow_up import FollowUpStatus
from leadtracker.entrypoints.http.openapi.operations import (
    AUTHENTICATED,
    LEAD_ID,
    NEXT_LINK,
    PAGING,
    OpenApiObject,
    error_responses,
    in_query,
    json_body,
    json_response,
    operation,
    time_range_parameters,
)
from leadtracker.entrypoints.http.openapi.types import array_of, ref


def lead_action_paths() -> dict[str, OpenApiObject]:
    """The paths of work on leads."""
    return {
        "/leads/bulk": {"post": _change_lead_states()},
        "/leads/{lead_id}/history": {"get": _show_history()},
        "/leads/{lead_id}/notes": {"post": _add_note()},
        "/leads/{lead_id}/follow-up": {"post": _record_follow_up()},
        "/leads/{lead_id}/export": {"get": _export_person()},
        "/follow-ups": {"get": _list_follow_ups()},
        "/stats": {"get": _show_statistics()},
    }


def _change_lead_states() -> OpenApiObject:
    return operation(
        "changeLeadStates",
        "Work",
        "Move many leads to a state",
        {
            "200": json_response("What became of each, in order.", ref("BulkResults")),
            **error_responses(400, 411, 413, 415, 422),
        },
        requestBody=json_body("BulkStateChange", {"ids": ["0190c3a2"], "state": "REACHED_OUT"}),
        **AUTHENTICATED,
    )


def _show_history() -> OpenApiObject:
    return operation(
        "listHistory",
        "Work",
        "Show what happened to a lead, oldest first",
        {
            "200": json_response("Of an erased lead, blank.", array_of("HistoryEntry")),
            **error_responses(404),
        },
        parameters=[LEAD_ID],
        **AUTHENTICATED,
    )


def _add_note() -> OpenApiObject:
    return operation(
        "addNote",
        "Work",
        "Write a note into a lead's history",
        {
            "201": json_response("The entry.", ref("HistoryEntry")),
            **error_responses(400, 404, 411, 413, 415, 422),
        },
        parameters=[LEAD_ID],
        requestBody=json_body("Note", {"note": "Called, no answer."}),
        **AUTHENTICATED,
    )


def _record_follow_up() -> OpenApiObject:
    return operation(
        "recordFollowUp",
        "Work",
        "Follow up now, plan to, or both",
        {
            "201": json_response("The follow-up; of two, the planned one.", ref("FollowUp")),
            **error_responses(400, 404, 411, 413, 415, 422),
        },
        description=(
            "A lead has one next follow-up: a new plan takes its place, and one that is done now completes "
            "it. No body at all records one that is done now."
        ),
        parameters=[LEAD_ID],
        requestBody=json_body(
            "NewFollowUp", {"due_at": "2026-11-30T09:00:00Z", "note": "Ask again."}, required=False
        ),
        **AUTHENTICATED,
    )


def _export_person() -> OpenApiObject:
    return operation(
        "exportPerson",
        "Work",
        "Hand out all that is known about a person",
        {"200": json_response("The lead and its duplicates.", ref("Person")), **error_responses(404)},
        parameters=[LEAD_ID],
        **AUTHENTICATED,
    )


def _list_follow_ups() -> OpenApiObject:
    status = in_query(
        "status",
        "overdue: its time has passed; due: its time is today, in the business's time zone; planned: its "
        "time will come; done. Without it, all that are open.",
        enum=list(FollowUpStatus),
    )
    return operation(
        "listFollowUps",
        "Work",
        "List follow-ups, the next one first; what is done, the latest first",
        {"200": json_response("A page.", array_of("FollowUp"), NEXT_LINK), **error_responses(422)},
        parameters=[status, *PAGING],
        **AUTHENTICATED,
    )


def _show_statistics() -> OpenApiObject:
    return operation(
        "getStatistics",
        "Work",
        "Count the leads of a cohort, and how far they have come since",
        {"200": json_response("Duplicates are not counted.", ref("Statistics")), **error_responses(422)},
        parameters=time_range_parameters("from", "to"),
        **AUTHENTICATED,
    )
