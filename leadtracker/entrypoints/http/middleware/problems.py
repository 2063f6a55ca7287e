"""Report errors as problem documents (RFC 9457), by one table from domain errors to responses."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from attrs import field, frozen
from flask import Flask, Response, g, request, url_for
from werkzeug.exceptions import HTTPException

from leadtracker.domain.errors import (
    AlreadyOwned,
    AuthenticationFailed,
    Conflict,
    DuplicateLead,
    IdempotencyKeyReused,
    IllegalTransition,
    ImportRejected,
    InvalidInput,
    LeadOnHold,
    LeadTrackerError,
    NotFound,
    NotTheAuthor,
    PasswordHashingBusy,
    PermissionDenied,
    ProviderUnavailable,
    RestoreRejected,
    ResumeMissing,
    ResumeStorageUnavailable,
    SchemaMismatch,
    SecondFactorLocked,
    SecondFactorRequired,
    SecretUnreadable,
    StorageUnavailable,
    VersionConflict,
    WeekNotClosed,
    WeekTooOld,
)
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.entrypoints.formats.as_json import dump

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:leadtracker:problem:"
RETRY_AFTER_SECONDS = "2"

_CHALLENGES = (
    ("WWW-Authenticate", 'Basic realm="LeadTracker", charset="UTF-8"'),
    ("WWW-Authenticate", 'Bearer realm="LeadTracker"'),
)
_LATER = (("Retry-After", RETRY_AFTER_SECONDS),)
_MUCH_LATER = (("Retry-After", "30"),)


@frozen
class ErrorResponse:
    """The response to a class of errors.

    Attributes:
        status: the HTTP status.
        title: the title of the problem document.
        headers: to be sent besides those of every response.
        more: returns the further members of the problem document of one error.
    """

    status: int
    title: str
    headers: tuple[tuple[str, str], ...] = ()
    more: Callable[[Any], Mapping[str, object]] = field(default=lambda _error: {})


def _field_errors(error: InvalidInput) -> Mapping[str, object]:
    return {"errors": [{"field": one.field, "message": one.message} for one in error.errors]}


def _duplicate(error: DuplicateLead) -> Mapping[str, object]:
    # Anonymous clients must not learn which lead it is.
    if g.actor.is_public:
        return {}
    return {"lead": url_for("leads.show", lead_id=error.lead_id, _external=True)}


def _allowed(error: IllegalTransition) -> Mapping[str, object]:
    return {"state": error.state, "allowed": list(error.allowed)}


def _not_closed(error: WeekNotClosed) -> Mapping[str, object]:
    return {"sealable_from": format_timestamp(error.sealable_from)}


ERROR_RESPONSES: Mapping[type[LeadTrackerError], ErrorResponse] = {
    InvalidInput: ErrorResponse(422, "Validation failed", more=_field_errors),
    AuthenticationFailed: ErrorResponse(401, "Credentials are missing or wrong", headers=_CHALLENGES),
    SecondFactorRequired: ErrorResponse(403, "A second factor is needed"),
    SecondFactorLocked: ErrorResponse(429, "Too many wrong codes", headers=(("Retry-After", "900"),)),
    SecretUnreadable: ErrorResponse(503, "A stored secret cannot be read", headers=_MUCH_LATER),
    PermissionDenied: ErrorResponse(403, "Not allowed"),
    NotTheAuthor: ErrorResponse(403, "Not the author", more=lambda error: {"author": error.author}),
    NotFound: ErrorResponse(404, "Not found"),
    AlreadyOwned: ErrorResponse(
        409, "The lead is owned by another user", more=lambda error: {"owner": error.owner}
    ),
    DuplicateLead: ErrorResponse(409, "The lead exists already", more=_duplicate),
    IllegalTransition: ErrorResponse(409, "The lead cannot move to that state", more=_allowed),
    LeadOnHold: ErrorResponse(
        409, "The lead is on legal hold", more=lambda error: {"lead_id": error.lead_id}
    ),
    VersionConflict: ErrorResponse(
        412, "The lead has changed", more=lambda error: {"version": error.version}
    ),
    Conflict: ErrorResponse(409, "Conflict"),
    IdempotencyKeyReused: ErrorResponse(422, "The idempotency key was used before"),
    WeekNotClosed: ErrorResponse(409, "The week is not closed", more=_not_closed),
    WeekTooOld: ErrorResponse(409, "The week is too old", more=lambda error: {"earliest": error.earliest}),
    ImportRejected: ErrorResponse(422, "The file cannot be imported"),
    ProviderUnavailable: ErrorResponse(503, "The OpenID provider does not respond", headers=_MUCH_LATER),
    ResumeMissing: ErrorResponse(503, "The resume cannot be found", headers=_MUCH_LATER),
    ResumeStorageUnavailable: ErrorResponse(503, "The resume storage does not respond", headers=_MUCH_LATER),
    PasswordHashingBusy: ErrorResponse(503, "Too many passwords are being checked", headers=_LATER),
    RestoreRejected: ErrorResponse(409, "The backup cannot be restored"),
    SchemaMismatch: ErrorResponse(503, "Database schema version mismatch", headers=_LATER),
    StorageUnavailable: ErrorResponse(503, "The storage does not respond", headers=_LATER),
}


def error_response_for(error: type[LeadTrackerError]) -> ErrorResponse | None:
    """Return the response to a class of errors: its own, or that of its nearest base class that has one."""
    return next((ERROR_RESPONSES[base] for base in error.__mro__ if base in ERROR_RESPONSES), None)


def problem(status: int, code: str, title: str, detail: str | None = None, **more: object) -> Response:
    """Make a problem document.

    Args:
        status: the HTTP status.
        code: the end of the document's ``type``, which never changes.
        title: a summary that is the same for all errors of this type.
        detail: a sentence about this error; without one, the title stands for it.
        more: further members of the document.
    """
    body = _body(status, code, title, detail) | more
    return Response(dump(body), status, content_type=CONTENT_TYPE)


def problem_json(error: LeadTrackerError) -> Mapping[str, object]:
    """Return the problem document of an error that is reported within another response.

    Raises:
        LeadTrackerError: ``error`` itself, if it has no response.
    """
    error_response = error_response_for(type(error))
    if error_response is None:
        raise error
    return {
        **_body(error_response.status, error.code, error_response.title, str(error)),
        **error_response.more(error),
    }


def install_problems(app: Flask) -> None:
    """Report every error of ``app`` as a problem document."""
    app.register_error_handler(LeadTrackerError, _handle_domain_error)
    app.register_error_handler(HTTPException, handle_http_error)
    app.register_error_handler(Exception, _handle_unexpected_error)


def _body(status: int, code: str, title: str, detail: str | None) -> dict[str, object]:
    return {
        "type": TYPE_PREFIX + code,
        "title": title,
        "status": status,
        "request_id": g.request_id,
        "detail": detail or f"{title}.",
    }


def _handle_domain_error(error: LeadTrackerError) -> Response:
    error_response = error_response_for(type(error))
    if error_response is None:
        return _handle_unexpected_error(error)
    if error_response.status >= 500:  # noqa: PLR2004 - the first status of server errors
        structlog.get_logger(__name__).warning(
            "request rejected", error=str(error), cause=repr(error.__cause__)
        )
    response = problem(
        error_response.status, error.code, error_response.title, str(error), **error_response.more(error)
    )
    response.headers.extend(header for header in error_response.headers if _is_useful(*header))
    return response


def _is_useful(name: str, value: str) -> bool:
    """Withhold the Basic challenge from browsers, which would ask for a password and send it ever after."""
    is_basic = name == "WWW-Authenticate" and value.startswith("Basic")
    return not (is_basic and "Sec-Fetch-Mode" in request.headers)


def handle_http_error(error: HTTPException) -> Response | HTTPException:
    """Return the problem document of an HTTP error; redirects, which are raised, too, stay as they are."""
    if error.code is None or error.code < 400:  # noqa: PLR2004 - the first status of errors
        return error
    code = error.name.lower().replace(" ", "-")
    response = problem(error.code, code, error.name, error.description)
    kept = ("Allow", "Retry-After", "Accept")
    response.headers.extend([item for item in error.get_headers() if item[0] in kept])
    return response


def _handle_unexpected_error(error: Exception) -> Response:
    structlog.get_logger(__name__).exception("unhandled exception", exc_info=error)
    detail = f"Quote request ID {g.request_id} when reporting this error."
    return problem(500, "internal-error", "Internal error", detail)
