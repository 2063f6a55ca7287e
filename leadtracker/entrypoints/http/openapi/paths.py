"""What each route takes and answers."""

from typing import Any

from leadtracker.domain.model.lead import LeadState
from leadtracker.domain.model.lead_query import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Duplicates
from leadtracker.entrypoints.http.openapi.schemas import array_of, ref

Part = dict[str, Any]

_KNOWN: Part = {"security": [{"basic": []}, {"apiKey": []}, {"bearer": []}]}
_ANYONE: Part = {"security": [{}]}
_ANYONE_OR_KNOWN: Part = {"security": [{}, *_KNOWN["security"]]}


def paths() -> dict[str, Part]:
    """Every path."""
    return {
        "/leads": {"get": _list_leads(), "post": _capture_lead()},
        "/leads/{lead_id}": {"get": _show_lead()},
        "/reports/weekly": {"get": _list_reports()},
        "/reports/weekly/{week}": {"get": _show_report()},
        "/reports/weekly/{week}/send": {"post": _send_report()},
        "/healthz": {"get": _live()},
        "/readyz": {"get": _ready()},
        "/openapi.json": {"get": _openapi()},
        "/docs": {"get": _docs()},
    }


def _list_leads() -> Part:
    parameters = [
        _query("created_from", "A day (whole, in the business's time zone) or a time: from here on."),
        _query("created_to", "A day (whole, included) or a time (excluded): up to here."),
        _query("state", "May be repeated.", type="array", items={"enum": sorted(LeadState)}),
        _query("email", "Exactly this address, in any spelling of case and domain.", format="email"),
        _query("source", "Exactly this source."),
        _query("duplicates", "Leads whose address was known already.", enum=sorted(Duplicates)),
        _query(
            "limit",
            "Leads per page.",
            type="integer",
            minimum=1,
            maximum=MAX_PAGE_SIZE,
            default=DEFAULT_PAGE_SIZE,
        ),
        _query("cursor", "From the next link of an earlier answer."),
    ]
    next_link = {"Link": _header("The next page, as `rel=next`; missing on the last one.", required=False)}
    return _operation(
        "listLeads",
        "Leads",
        "List leads, newest first",
        {"200": _json("A page of leads.", array_of("Lead"), next_link), **_refusals(422)},
        parameters=parameters,
        **_KNOWN,
    )


def _capture_lead() -> Part:
    content = {
        "application/json": {"schema": ref("NewLead"), "example": _EXAMPLE},
        "application/x-www-form-urlencoded": {"schema": ref("NewLead")},
    }
    headers = {"Location": _header("The lead's URL."), "ETag": _header("The lead's version.")}
    return _operation(
        "captureLead",
        "Leads",
        "Capture a lead",
        {
            "201": _json("It is durably kept.", ref("Lead"), headers),
            **_refusals(400, 401, 403, 409, 413, 415, 422),
        },
        description=(
            "Open to the public. A known address gives a signed-in caller 409; the public gets 201 as for "
            "a new one, unless the owner chose otherwise."
        ),
        requestBody={"required": True, "content": content},
        **_ANYONE_OR_KNOWN,
    )


def _show_lead() -> Part:
    headers = {"ETag": _header("The lead's version.")}
    return _operation(
        "getLead",
        "Leads",
        "Show a lead",
        {"200": _json("The lead.", ref("Lead"), headers), **_refusals(404)},
        parameters=[_path("lead_id", "The lead's id.")],
        **_KNOWN,
    )


def _list_reports() -> Part:
    return _operation(
        "listWeeklyReports",
        "Weekly reports",
        "Show the ledger, oldest week first",
        {"200": _json("Every sealed week.", array_of("WeeklyReport")), **_refusals()},
        **_KNOWN,
    )


def _show_report() -> Part:
    return _operation(
        "getWeeklyReport",
        "Weekly reports",
        "Show a week's report with its attempts",
        {"200": _json("The report.", ref("WeeklyReport")), **_refusals(404)},
        parameters=[_WEEK],
        **_KNOWN,
    )


def _send_report() -> Part:
    again = _query("again", "Send even a delivered week.", type="boolean", default=False)
    return _operation(
        "sendWeeklyReport",
        "Weekly reports",
        "Have a closed week's report sent by the scheduler",
        {
            "202": _json("It is sealed and due, or was delivered.", ref("WeeklyReport")),
            **_refusals(409, 422),
        },
        parameters=[_WEEK, again],
        **_KNOWN,
    )


def _live() -> Part:
    status = {"type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"]}
    answers = {"200": _json("The process lives.", status)}
    return _operation("checkLife", "Operation", "Does the process live?", answers, **_ANYONE)


def _ready() -> Part:
    answers = {
        "200": _json("Leads can be taken in.", ref("Readiness")),
        "503": _problem(503, "Not ready."),
    }
    return _operation("checkReadiness", "Operation", "Can leads be taken in?", answers, **_ANYONE)


def _openapi() -> Part:
    answers = {"200": _json("OpenAPI 3.1.", {"type": "object"})}
    return _operation("getDescription", "Operation", "This description", answers, **_ANYONE)


def _docs() -> Part:
    answers = {"200": {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}}}
    return _operation("readDescription", "Operation", "This description, for people", answers, **_ANYONE)


def _operation(identifier: str, tag: str, summary: str, answers: Part, **more: Any) -> Part:
    return {
        "operationId": identifier,
        "tags": [tag],
        "summary": summary,
        **more,
        "responses": answers,
    }


def _refusals(*statuses: int) -> dict[str, Part]:
    """The refusals of a route that looks at credentials and at the store, and these besides."""
    return {str(status): _problem(status, _REFUSALS[status]) for status in sorted({401, 403, 503, *statuses})}


def _problem(status: int, description: str) -> Part:
    answer = {
        "description": description,
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
    headers = _HEADERS_OF_REFUSALS.get(status)
    return answer | {"headers": headers} if headers else answer


def _json(description: str, schema: Part, headers: Part | None = None) -> Part:
    answer = {"description": description, "content": {"application/json": {"schema": schema}}}
    return answer | {"headers": headers} if headers else answer


def _header(description: str, *, required: bool = True) -> Part:
    return {"description": description, "required": required, "schema": {"type": "string"}}


def _query(name: str, description: str, **schema: Any) -> Part:
    schema = {"type": "string"} | schema
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _path(name: str, description: str, **schema: Any) -> Part:
    schema = {"type": "string"} | schema
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


_WEEK = _path("week", "ISO 8601, such as 2026-W46.", pattern=r"^\d{4}-W\d{2}$")

_EXAMPLE = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+44 20 7946 0018",
    "message": "I need help with a contract.",
}

_REFUSALS = {
    400: "The body is malformed.",
    401: "Credentials are missing or wrong.",
    403: "The caller may not.",
    404: "There is no such thing.",
    409: "It contradicts what is stored.",
    413: "The body is too large.",
    415: "The body is of another type.",
    422: "Some fields are wrong; `errors` names each.",
    503: "The storage does not answer; try again after `Retry-After`.",
}

_HEADERS_OF_REFUSALS = {
    401: {"WWW-Authenticate": _header("The ways to sign in.")},
    503: {"Retry-After": _header("After how many seconds to try again.")},
}
