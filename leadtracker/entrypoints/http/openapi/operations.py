"""What descriptions of routes are made of."""

from typing import Any

from leadtracker.domain.model.leads.lead_query import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from leadtracker.entrypoints.http.openapi.types import or_empty, ref

OpenApiObject = dict[str, Any]

AUTHENTICATED: OpenApiObject = {"security": [{"basic": []}, {"apiKey": []}, {"bearer": []}, {"session": []}]}
PUBLIC: OpenApiObject = {"security": [{}]}
OPTIONAL_AUTH: OpenApiObject = {"security": [{}, *AUTHENTICATED["security"]]}


def operation(
    identifier: str, tag: str, summary: str, responses: OpenApiObject, **more: Any
) -> OpenApiObject:
    """What one method does at one path."""
    return {
        "operationId": identifier,
        "tags": [tag],
        "summary": summary,
        **more,
        "responses": responses,
    }


def error_responses(*statuses: int) -> dict[str, OpenApiObject]:
    """The error_responses of a route that looks at credentials and at the store, and these besides."""
    return {
        str(status): problem_response(status, _ERROR_DESCRIPTIONS[status])
        for status in sorted({401, 403, 429, 503, *statuses})
    }


def json_body(name: str, example: OpenApiObject | None = None, *, required: bool = True) -> OpenApiObject:
    """A JSON body of a named schema."""
    shown = {"example": example} if example else {}
    return {"required": required, "content": {"application/json": {"schema": ref(name), **shown}}}


def in_header(name: str, description: str, **schema: Any) -> OpenApiObject:
    """A header of a request."""
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"} | schema}


def problem_response(status: int, description: str) -> OpenApiObject:
    """A refusal."""
    response = {
        "description": description,
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
    headers = _ERROR_HEADERS.get(status)
    return response | {"headers": headers} if headers else response


def json_response(
    description: str, schema: OpenApiObject, headers: OpenApiObject | None = None
) -> OpenApiObject:
    """An answer with a JSON body."""
    response = {"description": description, "content": {"application/json": {"schema": schema}}}
    return response | {"headers": headers} if headers else response


def header(description: str, *, required: bool = True) -> OpenApiObject:
    """A header of an answer."""
    return {"description": description, "required": required, "schema": {"type": "string"}}


def in_query(name: str, description: str, **schema: Any) -> OpenApiObject:
    """A parameter in the query; text, unless ``schema`` says otherwise. An empty one counts as not given."""
    schema = {"type": "string"} | schema
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], ""]
    return {"name": name, "in": "query", "description": description, "schema": schema}


def time_range_parameters(start: str, end: str) -> list[OpenApiObject]:
    """The two parameters of a span of time."""
    timestamp = or_empty({"format": "date"}, {"format": "date-time"})
    return [
        in_query(start, "A day (whole, in the business's time zone) or a time: from here on.", **timestamp),
        in_query(end, "A day (whole, included) or a time (excluded): up to here.", **timestamp),
    ]


def in_path(name: str, description: str, **schema: Any) -> OpenApiObject:
    """A parameter in the path; text, unless ``schema`` says otherwise."""
    schema = {"type": "string"} | schema
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


_ERROR_DESCRIPTIONS = {
    400: "The body is malformed.",
    401: "Credentials are missing or wrong.",
    403: "The caller may not.",
    404: "There is no such thing.",
    409: "It contradicts what is stored.",
    411: "A form or file does not say how long it is.",
    412: "The lead has another version than `If-Match` asks for.",
    413: "The body is too large.",
    415: "The body is of another type.",
    422: "Some fields are wrong; `errors` names each.",
    429: "Too many messages or failed sign-ins from this address; try again after `Retry-After`.",
    503: "The storage does not answer; try again after `Retry-After`.",
}

_LATER = {"Retry-After": header("After how many seconds to try again.")}
_ERROR_HEADERS = {
    401: {"WWW-Authenticate": header("The ways to sign in.")},
    429: _LATER,
    503: _LATER,
}

LEAD_ID = in_path("lead_id", "The lead's id.", pattern="^[A-Za-z0-9_-]{1,64}$")

PAGING = (
    in_query(
        "limit",
        "How many a page may have.",
        type=["integer", "string"],
        minimum=1,
        maximum=MAX_PAGE_SIZE,
        maxLength=0,
        default=DEFAULT_PAGE_SIZE,
    ),
    in_query("cursor", "From the next link of an earlier answer."),
)

VERSION = {"ETag": header("The lead's version, for `If-Match`.")}
IF_MATCH = in_header("If-Match", "The `ETag` of the version that is meant; another one is left alone.")

NEXT_LINK = {"Link": header("The next page, as `rel=next`; missing on the last one.", required=False)}
