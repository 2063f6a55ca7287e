"""The routes of leads."""

from leadtracker.domain.model.lead import LeadState
from leadtracker.domain.model.lead_query import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Duplicates
from leadtracker.entrypoints.http.openapi.parts import (
    ANYONE_OR_KNOWN,
    KNOWN,
    Part,
    header,
    in_path,
    in_query,
    json_answer,
    operation,
    refusals,
)
from leadtracker.entrypoints.http.openapi.schemas import array_of, ref


def lead_paths() -> dict[str, Part]:
    """The paths of leads."""
    return {
        "/leads": {"get": _list_leads(), "post": _capture_lead()},
        "/leads/{lead_id}": {"get": _show_lead()},
    }


def _list_leads() -> Part:
    parameters = [
        in_query("created_from", "A day (whole, in the business's time zone) or a time: from here on."),
        in_query("created_to", "A day (whole, included) or a time (excluded): up to here."),
        in_query("state", "May be repeated.", type="array", items={"enum": sorted(LeadState)}),
        in_query("email", "Exactly this address, in any spelling of case and domain.", format="email"),
        in_query("source", "Exactly this source."),
        in_query("duplicates", "Leads whose address was known already.", enum=sorted(Duplicates)),
        in_query(
            "limit",
            "Leads per page.",
            type="integer",
            minimum=1,
            maximum=MAX_PAGE_SIZE,
            default=DEFAULT_PAGE_SIZE,
        ),
        in_query("cursor", "From the next link of an earlier answer."),
    ]
    next_link = {"Link": header("The next page, as `rel=next`; missing on the last one.", required=False)}
    return operation(
        "listLeads",
        "Leads",
        "List leads, newest first",
        {"200": json_answer("A page of leads.", array_of("Lead"), next_link), **refusals(422)},
        parameters=parameters,
        **KNOWN,
    )


def _capture_lead() -> Part:
    content = {
        "application/json": {"schema": ref("NewLead"), "example": _EXAMPLE},
        "application/x-www-form-urlencoded": {"schema": ref("NewLead")},
    }
    headers = {"Location": header("The lead's URL."), "ETag": header("The lead's version.")}
    return operation(
        "captureLead",
        "Leads",
        "Capture a lead",
        {
            "201": json_answer("It is durably kept.", ref("Lead"), headers),
            **refusals(400, 401, 403, 409, 413, 415, 422),
        },
        description=(
            "Open to the public. A known address gives a signed-in caller 409; the public gets 201 as for "
            "a new one, unless the owner chose otherwise."
        ),
        requestBody={"required": True, "content": content},
        **ANYONE_OR_KNOWN,
    )


def _show_lead() -> Part:
    headers = {"ETag": header("The lead's version.")}
    return operation(
        "getLead",
        "Leads",
        "Show a lead",
        {"200": json_answer("The lead.", ref("Lead"), headers), **refusals(404)},
        parameters=[in_path("lead_id", "The lead's id.")],
        **KNOWN,
    )


_EXAMPLE = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+44 20 7946 0018",
    "message": "I need help with a contract.",
}
