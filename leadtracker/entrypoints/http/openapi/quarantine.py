"""The routes of the quarantine."""

from leadtracker.entrypoints.http.openapi.operations import (
    AUTHENTICATED,
    NEXT_LINK,
    PAGING,
    VERSION,
    OpenApiObject,
    error_responses,
    header,
    in_path,
    json_response,
    operation,
)
from leadtracker.entrypoints.http.openapi.types import array_of, ref

_QUARANTINED_LEAD_ID = in_path(
    "quarantined_lead_id", "The id that its sender was told.", pattern="^[A-Za-z0-9_-]{1,64}$"
)


def quarantine_paths() -> dict[str, OpenApiObject]:
    """The paths of the quarantine."""
    return {
        "/quarantine": {"get": _list_quarantined_leads()},
        "/quarantine/{quarantined_lead_id}/release": {"post": _release_quarantined_lead()},
        "/quarantine/{quarantined_lead_id}": {"delete": _discard_quarantined_lead()},
    }


def _list_quarantined_leads() -> OpenApiObject:
    return operation(
        "listQuarantine",
        "Quarantine",
        "List what looks like spam, latest first",
        {"200": json_response("A page.", array_of("QuarantinedLead"), NEXT_LINK), **error_responses(422)},
        parameters=[*PAGING],
        **AUTHENTICATED,
    )


def _release_quarantined_lead() -> OpenApiObject:
    headers = {"Location": header("The lead's URL."), **VERSION}
    return operation(
        "releaseFromQuarantine",
        "Quarantine",
        "Make it the lead that it would have been",
        {
            "201": json_response("It is a lead now; mails go out.", ref("Lead"), headers),
            **error_responses(404),
        },
        description=(
            "The lead keeps its id and the time at which it came; the number of a week that is sealed "
            "already does not change."
        ),
        parameters=[_QUARANTINED_LEAD_ID],
        **AUTHENTICATED,
    )


def _discard_quarantined_lead() -> OpenApiObject:
    return operation(
        "discardFromQuarantine",
        "Quarantine",
        "Discard it for good",
        {"204": {"description": "It is gone."}, **error_responses(404)},
        parameters=[_QUARANTINED_LEAD_ID],
        **AUTHENTICATED,
    )
