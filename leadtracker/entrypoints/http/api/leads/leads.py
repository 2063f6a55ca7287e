"""``/leads``: list, show, change and erase leads."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from flask import Blueprint, Response, request
from pydantic import Field

from leadtracker.container import Container
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH
from leadtracker.domain.model.intake.idempotency import MAX_KEY_LENGTH
from leadtracker.domain.model.leads.fields import LEAD_FIELDS, SUBMITTED_FIELDS, FieldKind, LeadField
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.file_kind import KINDS
from leadtracker.entrypoints.formats.json_models.leads import CapturedLeadJson, LeadJson
from leadtracker.entrypoints.http.auth.authentication import Authenticator
from leadtracker.entrypoints.http.openapi import operations as openapi
from leadtracker.entrypoints.http.openapi.components import Component
from leadtracker.entrypoints.http.openapi.operations import (
    ETAG,
    IF_MATCH,
    LEAD_ID,
    OpenApiObject,
    Paths,
    error_responses,
    operation,
)
from leadtracker.entrypoints.http.openapi.schemas import (
    Schema,
    array_of,
    email,
    file,
    line,
    lines,
    not_blank,
    or_null,
    phone_number,
    text,
    without_null,
)
from leadtracker.entrypoints.http.requests.body import read_fields
from leadtracker.entrypoints.http.requests.conditional_requests import if_match_versions
from leadtracker.entrypoints.http.requests.cursors import next_link
from leadtracker.entrypoints.http.requests.lead_params import CaptureParams, LeadListParams
from leadtracker.entrypoints.http.requests.query import QueryParams, one_of, openapi_parameters
from leadtracker.entrypoints.http.responses import etag, json_response, no_content

_TAG = "Leads"
_MIN_PHONE_LENGTH = 4


class DuplicateErasure(StrEnum):
    """The fate of the duplicates of a lead that is erased."""

    KEEP = "keep"
    ERASE = "erase"


class EraseParams(QueryParams):
    """The parameters of ``DELETE /leads/{id}``."""

    duplicates: Annotated[DuplicateErasure, one_of(DuplicateErasure)] = Field(
        DuplicateErasure.KEEP,
        description=(
            "`erase` also erases the lead's duplicates. `keep` leaves them, and the oldest of each address "
            "becomes its primary lead."
        ),
    )


def leads_blueprint(container: Container, authenticator: Authenticator) -> Blueprint:
    """The routes of leads."""
    blueprint = Blueprint("leads", __name__, url_prefix="/leads")
    find_leads = container.find_leads()
    get_lead = container.get_lead()
    update_lead = container.update_lead()
    erase_lead = container.erase_lead()
    due = container.find_follow_ups().due
    zone = container.settings().timezone

    @blueprint.get("")
    def listing() -> Response:
        actor = authenticator.require_actor()
        params = LeadListParams.read(
            request.args, zone=zone, parse_search=find_leads.parse_search, actor=actor
        )
        page = find_leads.payload(
            actor, params.lead_filter(due), limit=params.limit, after=params.after, sort=params.sort
        )
        headers = next_link(params.sort, last.at, last.id, last.text) if (last := page.next) else None
        return json_response(page.items, headers=headers)

    @blueprint.get("/<lead_id:lead_id>")
    def show(lead_id: str) -> Response:
        return _lead_response(get_lead(authenticator.require_actor(), lead_id))

    @blueprint.route("/<lead_id:lead_id>", methods=["PUT", "PATCH"])
    def change(lead_id: str) -> Response:
        actor = authenticator.require_actor()
        return _lead_response(update_lead(actor, lead_id, read_fields(), if_match_versions()))

    @blueprint.delete("/<lead_id:lead_id>")
    def erase(lead_id: str) -> Response:
        actor = authenticator.require_actor()
        params = EraseParams.read(request.args)
        with_duplicates = params.duplicates is DuplicateErasure.ERASE
        erase_lead(actor, lead_id, if_match_versions(), with_duplicates=with_duplicates)
        return no_content()

    return blueprint


def _lead_response(lead: Lead) -> Response:
    return json_response(lead_payload(lead), headers=etag(lead))


def lead_operations() -> Paths:
    """The operations of leads, ``POST /leads`` included."""
    return {
        "/leads": {"get": _list_leads(), "post": _capture_lead()},
        "/leads/{lead_id}": {
            "get": operation(
                "getLead",
                _TAG,
                "Show a lead",
                openapi.json_response(200, "The lead.", LeadJson, ETAG) | error_responses(404),
                parameters=[LEAD_ID],
            ),
            "patch": _change_lead("changeLead", "Change some fields of a lead"),
            "put": _change_lead("putLead", "Change some fields of a lead, exactly as PATCH does"),
            "delete": _erase_lead(),
        },
    }


def _list_leads() -> OpenApiObject:
    return operation(
        "listLeads",
        _TAG,
        "List leads",
        openapi.json_response(200, "A page of leads.", array_of(LeadJson), openapi.NEXT_LINK)
        | error_responses(422),
        parameters=openapi_parameters(LeadListParams),
    )


def _capture_lead() -> OpenApiObject:
    replayed = openapi.header(
        "`true` if this is the response to an earlier request with the same key.", "true", required=False
    )
    headers = openapi.LOCATION | ETAG | {"Idempotent-Replayed": replayed}
    key = openapi.in_header(
        "Idempotency-Key",
        "A repeated request with the same key and body within 24 hours gets the first response again and "
        "captures nothing.",
        "5b1f0a52-6c1c-4b42-9c38-6f1c1d2f8f5e",
        minLength=1,
        maxLength=MAX_KEY_LENGTH,
    )
    return operation(
        "captureLead",
        _TAG,
        "Capture a lead",
        openapi.json_response(201, "The lead is stored durably.", CapturedLeadJson, headers)
        | error_responses(400, 409, 411, 413, 415, 422),
        description=_ABOUT_CAPTURE,
        parameters=[key, *openapi_parameters(CaptureParams)],
        requestBody={"required": True, "content": _new_lead_content()},
        **openapi.OPTIONAL_AUTH,
    )


def _change_lead(identifier: str, summary: str) -> OpenApiObject:
    fields = {field.name: _field_schema(field) for field in LEAD_FIELDS}
    fields |= {
        field.name: not_blank(line(maxLength=field.max_length, examples=[field.example]))
        for field in LEAD_FIELDS
        if field.is_required
    }
    link = text(
        "The primary lead that this one duplicates; null unlinks it.",
        maxLength=64,
        examples=[openapi.EXAMPLE_ID],
    )
    owner = line(
        "The name of an enabled user; null clears it.", maxLength=MAX_ACCOUNT_NAME_LENGTH, examples=["ann"]
    )
    schema = {
        "type": "object",
        "description": "Fields that are not given stay as they are; null clears an optional one.",
        "properties": {**fields, "state": LeadState, "owner": or_null(owner), "duplicate_of": or_null(link)},
        "additionalProperties": False,
    }
    form = Component("LeadChangeForm", without_null(schema))
    example = {"state": "REACHED_OUT"}
    return operation(
        identifier,
        _TAG,
        summary,
        openapi.json_response(200, "The lead after the change.", LeadJson, ETAG)
        | error_responses(400, 404, 409, 411, 412, 413, 415, 422),
        description=_ABOUT_CHANGE,
        parameters=[LEAD_ID, IF_MATCH],
        requestBody={
            "required": True,
            "content": {
                "application/json": {"schema": Component("LeadChange", schema), "example": example},
                "application/x-www-form-urlencoded": {"schema": form, "example": example},
            },
        },
    )


def _erase_lead() -> OpenApiObject:
    return operation(
        "eraseLead",
        _TAG,
        "Erase a person",
        openapi.response(204, "Only sealed counts and a redacted history remain.")
        | error_responses(404, 409, 412, 422),
        description="409 `lead-on-hold` if a legal hold keeps it, its primary lead, or a duplicate that is "
        "to be erased with it.",
        parameters=[LEAD_ID, IF_MATCH, *openapi_parameters(EraseParams)],
    )


def _new_lead_content() -> Mapping[str, OpenApiObject]:
    resume = text(
        "Kept as a text file, even if it is a URL.",
        pattern=r"^[^\x00]*$",
        examples=["https://example.com/ada-lovelace"],
    )
    schema = {
        "type": "object",
        "description": "Texts are trimmed; blank counts as not given. Other fields become answers.",
        "properties": {field.name: _field_schema(field) for field in SUBMITTED_FIELDS}
        | {"resume": or_null(resume)},
        "allOf": [
            _one_given(not_blank(line()), "first_name", "last_name"),
            _one_given(text(minLength=_MIN_PHONE_LENGTH), "email", "phone"),
        ],
    }
    form = without_null(schema)
    upload = file(f"A file of one of these kinds, by its name and its content: {', '.join(KINDS)}.")
    with_file = form | {"properties": form["properties"] | {"resume": upload}}
    example = {field.name: field.example for field in SUBMITTED_FIELDS}
    return {
        "application/json": {"schema": Component("NewLead", schema), "example": example},
        "application/x-www-form-urlencoded": {"schema": Component("NewLeadForm", form), "example": example},
        "multipart/form-data": {"schema": Component("NewLeadWithFile", with_file)},
    }


def _one_given(rules: Schema, *names: str) -> Schema:
    """The condition that at least one of these fields is given."""
    return {"anyOf": [{"required": [name], "properties": {name: rules}} for name in names]}


def _field_schema(field: LeadField) -> Schema:
    """The schema of a field in requests, which is stricter than in responses."""
    rules = {"maxLength": field.max_length, "examples": [field.example]}
    return or_null(_KIND_SCHEMAS[field.kind](field.description or None, **rules))


_KIND_SCHEMAS = {
    FieldKind.LINE: line,
    FieldKind.MULTILINE: lines,
    FieldKind.EMAIL: email,
    FieldKind.PHONE: phone_number,
}

_ABOUT_CAPTURE = """\
Open to anonymous clients, and to API keys of the role `sender`, which are treated alike, but without a rate
limit. A lead needs a name, and an e-mail address or a phone number. It is known by its e-mail address, and
one without by its phone number: agents then get 409, anonymous clients and senders 201 as for a new lead,
unless the operator chose otherwise. A resume comes as a file in a multipart form, or as a text; files under
other names become attachments.

Agents and admins may give `created_at`, up to now. What LeadTracker sets (`id`, `state`, `owner`, `version`
and the like) is ignored here: `PATCH /leads/{lead_id}` gives the lead an owner or another state.

A browser that submits a form (it prefers text/html) gets pages: 303 to the thank-you page, or the form again
with its errors. A submission of an anonymous client or a sender whose `leave_this_empty` is filled in, or
whose `form_token` is invalid, gets the same response and is kept in quarantine.
"""
_ABOUT_CHANGE = """\
Fields that are not given stay as they are. A value equal to the present one is not recorded as a change. The
state must be reachable from the lead's present state.
"""
