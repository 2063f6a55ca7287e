"""The routes of work on leads, and of numbers about them."""

from leadtracker.domain.model.leads.follow_up import FollowUpStatus
from leadtracker.entrypoints.http.openapi.operations import (
    KNOWN,
    LEAD_ID,
    NEXT_LINK,
    PAGING,
    Part,
    in_query,
    json_answer,
    json_body,
    operation,
    refusals,
    time_range_parameters,
)
from leadtracker.entrypoints.http.openapi.types import array_of, ref


def lead_work_paths() -> dict[str, Part]:
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


def _change_lead_states() -> Part:
    return operation(
        "changeLeadStates",
        "Work",
        "Move many leads to a state",
        {
            "200": json_answer("What became of each, in order.", ref("BulkResults")),
            **refusals(400, 411, 413, 415, 422),
        },
        requestBody=json_body("BulkStateChange", {"ids": ["0190c3a2"], "state": "REACHED_OUT"}),
        **KNOWN,
    )


def _show_history() -> Part:
    return operation(
        "listHistory",
        "Work",
        "Show what happened to a lead, oldest first",
        {
            "200": json_answer("Of an erased lead, blank.", array_of("HistoryEntry")),
            **refusals(404),
        },
        parameters=[LEAD_ID],
        **KNOWN,
    )


def _add_note() -> Part:
    return operation(
        "addNote",
        "Work",
        "Write a note into a lead's history",
        {"201": json_answer("The entry.", ref("HistoryEntry")), **refusals(400, 404, 411, 413, 415, 422)},
        parameters=[LEAD_ID],
        requestBody=json_body("Note", {"note": "Called, no answer."}),
        **KNOWN,
    )


def _record_follow_up() -> Part:
    return operation(
        "recordFollowUp",
        "Work",
        "Follow up now, plan to, or both",
        {
            "201": json_answer("The follow-up; of two, the planned one.", ref("FollowUp")),
            **refusals(400, 404, 411, 413, 415, 422),
        },
        description=(
            "A lead has one next follow-up: a new plan takes its place, and one that is done now completes "
            "it. No body at all records one that is done now."
        ),
        parameters=[LEAD_ID],
        requestBody=json_body(
            "NewFollowUp", {"due_at": "2026-11-30T09:00:00Z", "note": "Ask again."}, required=False
        ),
        **KNOWN,
    )


def _export_person() -> Part:
    return operation(
        "exportPerson",
        "Work",
        "Hand out all that is known about a person",
        {"200": json_answer("The lead and its duplicates.", ref("Person")), **refusals(404)},
        parameters=[LEAD_ID],
        **KNOWN,
    )


def _list_follow_ups() -> Part:
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
        {"200": json_answer("A page.", array_of("FollowUp"), NEXT_LINK), **refusals(422)},
        parameters=[status, *PAGING],
        **KNOWN,
    )


def _show_statistics() -> Part:
    return operation(
        "getStatistics",
        "Work",
        "Count the leads of a cohort, and how far they have come since",
        {"200": json_answer("Duplicates are not counted.", ref("Statistics")), **refusals(422)},
        parameters=time_range_parameters("from", "to"),
        **KNOWN,
    )
