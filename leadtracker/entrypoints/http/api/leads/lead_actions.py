"""Actions on leads: history, notes, claiming and holding leads, changing many, exporting a person's data."""

from flask import Blueprint, Response

from leadtracker.container import Container
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH
from leadtracker.domain.model.leads.fields import MAX_LOST_REASON_LENGTH
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.use_cases.leads.change_many_leads import MAX_BULK_LEADS, LeadChangeResult
from leadtracker.domain.use_cases.leads.hold_lead import MAX_REASON_LENGTH
from leadtracker.domain.use_cases.leads.read_history import MAX_NOTE_LENGTH
from leadtracker.entrypoints.formats.as_json import Json
from leadtracker.entrypoints.formats.json_models.leads import HistoryEntryJson, LeadJson
from leadtracker.entrypoints.formats.json_models.personal_data import PersonalDataJson
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.middleware.problems import problem_json
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.components import Component
from leadtracker.entrypoints.http.openapi.operations import (
    ETAG,
    EXAMPLE_ID,
    IF_MATCH,
    LEAD_ID,
    PROBLEM,
    OpenApiObject,
    Paths,
    error_responses,
    json_body,
    operation,
)
from leadtracker.entrypoints.http.openapi.schemas import (
    Schema,
    array_of,
    file,
    line,
    lines,
    not_blank,
    object_of,
    or_null,
    text,
)
from leadtracker.entrypoints.http.requests.body import read_fields
from leadtracker.entrypoints.http.requests.conditional_requests import if_match_versions
from leadtracker.entrypoints.http.responses import etag, json_response, no_content, personal_data_response

_TAG = "Work"
_NOTE = "Called, no answer."


def lead_actions_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of actions on leads."""
    blueprint = Blueprint("lead_actions", __name__)
    change_many_leads = container.change_many_leads()
    claim_lead = container.claim_lead()
    read_history = container.read_history()
    export_personal_data = container.export_personal_data()

    @blueprint.post("/leads/bulk")
    def change_many() -> Response:
        results = change_many_leads(authenticator.require_actor(), read_fields())
        return json_response({"results": [_result_json(result) for result in results]})

    @blueprint.post("/leads/<lead_id:lead_id>/claim")
    def claim(lead_id: str) -> Response:
        lead = claim_lead(authenticator.require_actor(), lead_id, if_match_versions())
        return json_response(lead_payload(lead), headers=etag(lead))

    @blueprint.get("/leads/<lead_id:lead_id>/history")
    def history(lead_id: str) -> Response:
        entries = read_history(authenticator.require_actor(), lead_id)
        return json_response([HistoryEntryJson.of(entry) for entry in entries])

    @blueprint.get("/leads/<lead_id:lead_id>/export")
    def export(lead_id: str) -> Response:
        person = export_personal_data(authenticator.require_actor(), lead_id)
        return json_response(PersonalDataJson.of(person))

    @blueprint.get("/leads/<lead_id:lead_id>/export.zip")
    def export_with_files(lead_id: str) -> Response:
        person = export_personal_data(authenticator.require_actor(), lead_id)
        return personal_data_response(person, export_personal_data.files(person))

    _add_notes(blueprint, container, authenticator)
    _add_hold(blueprint, container, authenticator)
    return blueprint


def _add_hold(blueprint: Blueprint, container: Container, authenticator: Authenticator) -> None:
    hold_lead = container.hold_lead()

    @blueprint.put("/leads/<lead_id:lead_id>/hold")
    def set_hold(lead_id: str) -> Response:
        lead = hold_lead.set(authenticator.require_actor(), lead_id, read_fields())
        return json_response(lead_payload(lead), headers=etag(lead))

    @blueprint.delete("/leads/<lead_id:lead_id>/hold")
    def clear_hold(lead_id: str) -> Response:
        hold_lead.clear(authenticator.require_actor(), lead_id)
        return no_content()


def _add_notes(blueprint: Blueprint, container: Container, authenticator: Authenticator) -> None:
    add_note = container.add_note()
    correct_note = container.correct_note()

    @blueprint.post("/leads/<lead_id:lead_id>/notes")
    def note(lead_id: str) -> Response:
        actor = authenticator.require_actor()
        return json_response(HistoryEntryJson.of(add_note(actor, lead_id, read_fields())), 201)

    @blueprint.patch("/leads/<lead_id:lead_id>/notes/<int:note_id>")
    def corrected_note(lead_id: str, note_id: int) -> Response:
        entry = correct_note(authenticator.require_actor(), lead_id, note_id, read_fields())
        return json_response(HistoryEntryJson.of(entry))


def _result_json(result: LeadChangeResult) -> Json:
    if isinstance(result.outcome, Exception):
        problem = problem_json(result.outcome)
        return {"id": result.lead_id, "status": problem["status"], "lead": None, "problem": problem}
    return {"id": result.lead_id, "status": 200, "lead": lead_payload(result.outcome), "problem": None}


def lead_action_operations() -> Paths:
    """The operations of actions on leads."""
    return {
        "/leads/bulk": {"post": _change_many_leads()},
        "/leads/{lead_id}/claim": {"post": _claim_lead()},
        "/leads/{lead_id}/history": {
            "get": operation(
                "listHistory",
                _TAG,
                "Show the history of a lead, oldest entry first",
                openapi.json_response(
                    200, "The history; redacted if the lead was erased.", array_of(HistoryEntryJson)
                )
                | error_responses(404),
                parameters=[LEAD_ID],
            )
        },
        "/leads/{lead_id}/hold": {"put": _set_hold(), "delete": _clear_hold()},
        "/leads/{lead_id}/notes": {"post": _add_note()},
        "/leads/{lead_id}/notes/{note_id}": {"patch": _correct_note()},
        "/leads/{lead_id}/export": {
            "get": operation(
                "exportPerson",
                _TAG,
                "Export the complete data of a person",
                openapi.json_response(200, "The lead and its duplicates.", PersonalDataJson)
                | error_responses(404),
                description="Of files the names only; `export.zip` has the files, too.",
                parameters=[LEAD_ID],
            )
        },
        "/leads/{lead_id}/export.zip": {"get": _export_with_files()},
    }


def _export_with_files() -> OpenApiObject:
    content = {"application/zip": {"schema": file("With `person.json` and the folder `files`.")}}
    return operation(
        "exportPersonWithFiles",
        _TAG,
        "Export the complete data of a person with all files",
        openapi.response(200, "The archive.", content) | error_responses(404),
        parameters=[LEAD_ID],
    )


def _claim_lead() -> OpenApiObject:
    return operation(
        "claimLead",
        _TAG,
        "Become the owner of a lead",
        openapi.json_response(200, "The lead, which the caller owns now.", LeadJson, ETAG)
        | error_responses(404, 409, 412, 422),
        description="Only users can own leads. If another user owns it: 409, with `owner`.",
        parameters=[LEAD_ID, IF_MATCH],
    )


def _set_hold() -> OpenApiObject:
    example = "Lawsuit 12 O 345/26"
    reason = line("Why the lead must be kept.", maxLength=MAX_REASON_LENGTH, examples=[example])
    return operation(
        "setHold",
        _TAG,
        "Put a lead on legal hold",
        openapi.json_response(200, "The lead, which cannot be erased now.", LeadJson, ETAG)
        | error_responses(400, 404, 411, 413, 415, 422),
        description="Neither retention nor `DELETE /leads/{lead_id}` erases a lead on hold, or its repeat "
        "enquiries. Another reason replaces the first; both are in the history.",
        parameters=[LEAD_ID],
        requestBody=json_body(Component("Hold", object_of(reason=not_blank(reason))), {"reason": example}),
    )


def _clear_hold() -> OpenApiObject:
    return operation(
        "clearHold",
        _TAG,
        "Clear the legal hold of a lead",
        openapi.response(204, "The lead is not on hold.") | error_responses(404),
        parameters=[LEAD_ID],
    )


def _add_note() -> OpenApiObject:
    return operation(
        "addNote",
        _TAG,
        "Add a note to the history of a lead",
        openapi.json_response(201, "The new entry of the history.", HistoryEntryJson)
        | error_responses(400, 404, 411, 413, 415, 422),
        parameters=[LEAD_ID],
        requestBody=json_body(_note(), {"note": _NOTE}),
    )


def _correct_note() -> OpenApiObject:
    note_id = openapi.in_path("note_id", "The `id` of the note in the history of the lead.", "2")
    return operation(
        "correctNote",
        _TAG,
        "Correct a note",
        openapi.json_response(200, "The entry of the history that holds the current text.", HistoryEntryJson)
        | error_responses(400, 404, 411, 413, 415, 422),
        description="Only its author can correct a note (403 `not-the-author`). The history keeps the "
        "earlier text, and gets an entry with the new one. The present text again changes nothing.",
        parameters=[LEAD_ID, note_id | {"schema": {"type": "integer", "minimum": 1, "examples": [2]}}],
        requestBody=json_body(_note(), {"note": _NOTE}),
    )


def _change_many_leads() -> OpenApiObject:
    ids = array_of(text(examples=[EXAMPLE_ID])) | {"minItems": 1, "maxItems": MAX_BULK_LEADS}
    owner = line(
        "The name of an enabled user; null clears it.", maxLength=MAX_ACCOUNT_NAME_LENGTH, examples=["ann"]
    )
    reason = line(
        "Why the leads were lost; null clears it.",
        maxLength=MAX_LOST_REASON_LENGTH,
        examples=["too expensive"],
    )
    changes = {"state": LeadState, "owner": or_null(owner), "lost_reason": or_null(reason)}
    return operation(
        "changeManyLeads",
        _TAG,
        "Change the state, the owner or the lost reason of many leads",
        openapi.json_response(200, "A result for each lead, in the order of the ids.", _bulk_results())
        | error_responses(400, 411, 413, 415, 422),
        requestBody=json_body(
            Component("BulkChange", object_of(("ids",), ids=ids, **changes)),
            {"ids": [EXAMPLE_ID], "state": "REACHED_OUT"},
        ),
    )


def _bulk_results() -> Component:
    result = object_of(
        id=text(examples=[EXAMPLE_ID]),
        status={
            "type": "integer",
            "description": "The status that a request for this lead alone would have got.",
            "examples": [200],
        },
        lead=_or_null(LeadJson),
        problem=_or_null(PROBLEM),
    )
    return Component("BulkResults", object_of(results=array_of(Component("BulkResult", result))))


def _note() -> Component:
    return Component("Note", object_of(note=not_blank(lines(maxLength=MAX_NOTE_LENGTH, examples=[_NOTE]))))


def _or_null(schema: Component | type[LeadJson]) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}
