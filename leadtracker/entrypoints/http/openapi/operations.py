"""Describe operations: parameters, bodies, responses and errors."""

from typing import Any

from leadtracker.entrypoints.http.openapi.components import Component
from leadtracker.entrypoints.http.openapi.schemas import Schema, array_of, object_of, text

OpenApiObject = dict[str, Any]
Paths = dict[str, dict[str, OpenApiObject]]
"""The operations of the API by path and by method in lower case."""

EXAMPLE_ID = "0190c3a2f1d87cc0a3b1e0d3c5a79b12"

AUTHENTICATED: OpenApiObject = {"security": [{"basic": []}, {"apiKey": []}, {"bearer": []}, {"session": []}]}
PUBLIC: OpenApiObject = {"security": [{}]}
OPTIONAL_AUTH: OpenApiObject = {"security": [{}, *AUTHENTICATED["security"]]}


def operation(
    identifier: str, tag: str, summary: str, responses: OpenApiObject, **more: Any
) -> OpenApiObject:
    """One method at one path.

    Args:
        identifier: names the function in generated clients.
        tag: groups operations in the documentation; ``document.py`` lists the tags.
        summary: the heading of the operation.
        responses: by status; ``|`` joins those of several helpers.
        more: the operation's other members, such as ``parameters``; callers must authenticate unless
            ``security`` says otherwise.
    """
    described = {"operationId": identifier, "tags": [tag], "summary": summary}
    return described | AUTHENTICATED | more | {"responses": responses}


def in_path(name: str, description: str, example: str, **schema: Any) -> OpenApiObject:
    """A parameter in the path: a text that obeys ``schema``.

    The example is part of the schema, because Swagger UI would send an ``example`` of the parameter itself.
    """
    described = {"name": name, "in": "path", "required": True, "description": description}
    return described | {"schema": text(**schema, examples=[example])}


def in_header(name: str, description: str, example: str, **schema: Any) -> OpenApiObject:
    """An optional header of a request: a text that obeys ``schema``."""
    described = {"name": name, "in": "header", "description": description}
    return described | {"schema": text(**schema, examples=[example])}


def json_body(schema: Component, example: OpenApiObject, *, required: bool = True) -> OpenApiObject:
    """A request body in JSON."""
    return {
        "required": required,
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def response(
    status: int,
    description: str,
    content: OpenApiObject | None = None,
    headers: OpenApiObject | None = None,
) -> OpenApiObject:
    """One response, by its status.

    Args:
        status: the HTTP status.
        description: what the response means to the caller.
        content: schemas and examples by media type; None if there is no body.
        headers: by name.
    """
    members = {"description": description, "headers": headers, "content": content}
    return {str(status): {name: value for name, value in members.items() if value}}


def json_response(
    status: int, description: str, schema: Any, headers: OpenApiObject | None = None
) -> OpenApiObject:
    """One response in JSON, by its status."""
    return response(status, description, {"application/json": {"schema": schema}}, headers)


def error_responses(*statuses: int) -> OpenApiObject:
    """The responses of an operation that authenticates and uses the storage, and those with ``statuses``."""
    described = (
        problem_response(status, _ERROR_DESCRIPTIONS[status])
        for status in sorted({401, 403, 429, 503, *statuses})
    )
    return {status: error for one in described for status, error in one.items()}


def problem_response(status: int, description: str) -> OpenApiObject:
    """One problem document, by its status."""
    content = {"application/problem+json": {"schema": PROBLEM}}
    return response(status, description, content, _ERROR_HEADERS.get(status))


def header(description: str, example: str, *, required: bool = True) -> OpenApiObject:
    """A header of a response."""
    return {
        "description": description,
        "required": required,
        "schema": text(examples=[example]),
    }


PROBLEM = Component(
    "Problem",
    {
        "type": "object",
        "description": "A problem document (RFC 9457). Some types have more members.",
        "properties": {
            "type": text(
                "Stable; ends in the kind of problem.",
                format="uri",
                examples=["urn:leadtracker:problem:invalid-input"],
            ),
            "title": text(examples=["Validation failed"]),
            "status": {"type": "integer", "examples": [422]},
            "detail": text(examples=["email: must be an e-mail address, such as name@example.com"]),
            "request_id": text("Equal to X-Request-ID; quote it to the operator.", examples=["4f2a9c0e"]),
            "errors": array_of(
                object_of(field=text(examples=["email"]), message=text(examples=["is required"]))
            )
            | {"description": "Names every invalid field (422)."},
            "lead": text(
                "The URL of the lead that has the address already (409).",
                format="uri",
                examples=[f"https://leads.example.com/leads/{EXAMPLE_ID}"],
            ),
            "allowed": array_of(text(examples=["REACHED_OUT"]))
            | {"description": "The states that the lead can move to (409)."},
            "version": {"type": "integer", "description": "The lead's version (412).", "examples": [3]},
        },
        "required": ["type", "title", "status", "detail", "request_id"],
    },
)

_ERROR_DESCRIPTIONS = {
    400: "The body is malformed.",
    401: "Credentials are missing or wrong.",
    403: "The caller lacks the permission.",
    404: "The resource does not exist.",
    409: "The request contradicts what is stored.",
    411: "A form or file comes without a Content-Length.",
    412: "The lead has another version than `If-Match` requires.",
    413: "The body is too large.",
    415: "The body has a media type that is not supported.",
    422: "Some fields are invalid; `errors` names each.",
    429: "Too many submissions or failed sign-ins from this address; try again after `Retry-After`.",
    503: "The storage is not available; try again after `Retry-After`.",
}

_RETRY_AFTER = {"Retry-After": header("The number of seconds to wait.", "2")}
_ERROR_HEADERS = {
    401: {"WWW-Authenticate": header("The supported ways to sign in.", 'Basic realm="LeadTracker"')},
    429: _RETRY_AFTER,
    503: _RETRY_AFTER,
}

_ID: Schema = {"pattern": "^[A-Za-z0-9_-]{1,64}$"}


def id_in_path(name: str, description: str) -> OpenApiObject:
    """A parameter in the path that is the id of something."""
    return in_path(name, description, EXAMPLE_ID, **_ID)


LEAD_ID = id_in_path("lead_id", "The id of the lead.")
ATTACHMENT_ID = id_in_path("attachment_id", "The id of the attachment.")
ETAG = {"ETag": header("The lead's version, for `If-Match`.", '"1"')}
IF_MATCH = in_header(
    "If-Match",
    "The `ETag` of the version to change; the request fails with 412 if the lead has changed since.",
    '"1"',
)
NEXT_LINK = {
    "Link": header(
        "The URL of the next page, as `rel=next`; absent on the last page.",
        '<https://leads.example.com/leads?cursor=LWNyZWF0ZWRfYXQ>; rel="next"',
        required=False,
    )
}
LOCATION = {
    "Location": header("The URL of the new resource.", f"https://leads.example.com/leads/{EXAMPLE_ID}")
}
