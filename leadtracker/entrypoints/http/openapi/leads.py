"""The routes of leads."""

from leadtracker.domain.model.intake.idempotency import MAX_KEY_LENGTH
from leadtracker.domain.model.leads.fields import MAX_SOURCE_LENGTH
from leadtracker.domain.model.leads.lead_query import Duplicates, Sort
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.entrypoints.http.openapi.operations import (
    AUTHENTICATED,
    IF_MATCH,
    LEAD_ID,
    NEXT_LINK,
    OPTIONAL_AUTH,
    PAGING,
    VERSION,
    OpenApiObject,
    error_responses,
    header,
    in_header,
    in_query,
    json_response,
    operation,
    time_range_parameters,
)
from leadtracker.entrypoints.http.openapi.types import array_of, line, or_empty, ref
from leadtracker.entrypoints.http.requests.list_params import FollowUpFilter


def lead_paths() -> dict[str, OpenApiObject]:
    """The paths of leads."""
    return {
        "/leads": {"get": _list_leads(), "post": _capture_lead()},
        "/leads/{lead_id}": {
            "get": _show_lead(),
            "put": _change_lead("replaceFieldsOfLead"),
            "patch": _change_lead("changeLead"),
            "delete": _erase_lead(),
        },
    }


def _list_leads() -> OpenApiObject:
    parameters = [
        *time_range_parameters("created_from", "created_to"),
        in_query("state", "May be repeated.", type="array", items={"enum": [*sorted(LeadState), ""]}),
        in_query(
            "email",
            "Exactly this address, in any spelling of case and domain.",
            **or_empty({"format": "email"}),
        ),
        in_query("source", "Exactly this source.", **line(maxLength=MAX_SOURCE_LENGTH)),
        in_query(
            "q",
            "Words in the names, the e-mail address, the phone number or the message, in any order; each may "
            "be the beginning of a word, and case and accents do not matter. A phone number is found in any "
            "spelling, also without its country code.",
        ),
        in_query(
            "follow_up",
            "When the next follow-up is due: overdue (its time has passed), due (today) or none is planned.",
            enum=list(FollowUpFilter),
        ),
        in_query("duplicates", "Leads whose address was known already.", enum=sorted(Duplicates)),
        in_query("duplicate_of", "The duplicates of this lead."),
        in_query(
            "sort",
            "By a time; a minus puts the latest first. Leads without a follow-up come last.",
            enum=list(Sort),
            default=Sort.LATEST_CREATED,
        ),
        *PAGING,
    ]
    return operation(
        "listLeads",
        "Leads",
        "List leads",
        {"200": json_response("A page of leads.", array_of("Lead"), NEXT_LINK), **error_responses(422)},
        parameters=parameters,
        **AUTHENTICATED,
    )


def _capture_lead() -> OpenApiObject:
    content = {
        "application/json": {"schema": ref("NewLead"), "example": _EXAMPLE},
        "application/x-www-form-urlencoded": {"schema": ref("NewLeadForm")},
        "multipart/form-data": {"schema": ref("NewLeadWithFile")},
    }
    headers = {
        "Location": header("The lead's URL."),
        **VERSION,
        "Idempotent-Replayed": header("true if an earlier request is answered again.", required=False),
    }
    key = in_header(
        "Idempotency-Key",
        "Sent again with the same body within 24 hours, the request is answered as the first time and "
        "captures nothing.",
        minLength=1,
        maxLength=MAX_KEY_LENGTH,
    )
    return operation(
        "captureLead",
        "Leads",
        "Capture a lead",
        {
            "201": json_response("It is durably kept.", ref("Lead"), headers),
            **error_responses(400, 409, 411, 413, 415, 422),
        },
        description=(
            "Open to the public. A known address gives a signed-in caller 409; the public gets 201 as for "
            "a new one, unless the owner chose otherwise. A resume comes as a file in a form, or as a text. "
            "A form of a browser (one that prefers text/html) is answered with pages: 303 to the thank-you "
            "page, or the form again with what is wrong. Of the public, a form whose `leave_this_empty` is "
            "filled in, or whose `form_token` is not ours, is answered alike and kept in quarantine."
        ),
        parameters=[key],
        requestBody={"required": True, "content": content},
        **OPTIONAL_AUTH,
    )


def _show_lead() -> OpenApiObject:
    return operation(
        "getLead",
        "Leads",
        "Show a lead",
        {"200": json_response("The lead.", ref("Lead"), VERSION), **error_responses(404)},
        parameters=[LEAD_ID],
        **AUTHENTICATED,
    )


def _change_lead(identifier: str) -> OpenApiObject:
    return operation(
        identifier,
        "Leads",
        "Change some fields of a lead",
        {
            "200": json_response("The lead as it is now.", ref("Lead"), VERSION),
            **error_responses(400, 404, 409, 411, 412, 413, 415, 422),
        },
        description=(
            "Fields that are not given stay as they are. What is the same already is not recorded, and a "
            "state must be in reach of the lead's own."
        ),
        parameters=[LEAD_ID, IF_MATCH],
        requestBody={
            "required": True,
            "content": {
                "application/json": {"schema": ref("LeadChange"), "example": {"state": "REACHED_OUT"}},
                "application/x-www-form-urlencoded": {"schema": ref("LeadChangeForm")},
            },
        },
        **AUTHENTICATED,
    )


def _erase_lead() -> OpenApiObject:
    duplicates = in_query(
        "duplicates",
        "Whether its duplicates are erased along; otherwise they stay, and the oldest of an address becomes "
        "its primary lead.",
        enum=["erase", "keep"],
        default="keep",
    )
    return operation(
        "eraseLead",
        "Leads",
        "Erase a person",
        {
            "204": {"description": "Nothing is left but sealed counts and a blank history."},
            **error_responses(404, 412, 422),
        },
        parameters=[LEAD_ID, IF_MATCH, duplicates],
        **AUTHENTICATED,
    )


_EXAMPLE = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+44 20 7946 0018",
    "message": "I need help with a contract.",
}
