"""The shapes of bodies."""

from collections.abc import Iterable
from typing import Any

from leadtracker.domain.model.access import Role
from leadtracker.domain.model.account import MAX_ACCOUNT_NAME_LENGTH, MAX_PASSWORD_LENGTH
from leadtracker.domain.model.email_address import MAX_EMAIL_LENGTH
from leadtracker.domain.model.lead import LeadState
from leadtracker.domain.model.lead_draft import (
    MAX_MESSAGE_LENGTH,
    MAX_NAME_LENGTH,
    MAX_SOURCE_LENGTH,
)
from leadtracker.domain.model.phone import MAX_PHONE_LENGTH
from leadtracker.domain.model.weekly_report import Outcome, ReportState

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """Every named schema."""
    return {
        "Lead": _lead(),
        "NewLead": _new_lead(),
        "WeeklyReport": _weekly_report(),
        "Attempt": _attempt(),
        "User": _user(),
        "NewUser": _new_user(),
        "UserChange": _user_change(),
        "ApiKey": _object(**_api_key()),
        "IssuedApiKey": _object(**_api_key(), key=_text("The key itself; told only now.", pattern="^lt_")),
        "NewApiKey": _object(name=_account_name(), role=_one_of(Role)),
        "Readiness": _readiness(),
        "Problem": _problem(),
    }


def ref(name: str) -> Schema:
    """A reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def array_of(name: str) -> Schema:
    """An array of a named schema."""
    return {"type": "array", "items": ref(name)}


def _lead() -> Schema:
    return _object(
        id=_text("Opaque."),
        first_name=_text(maxLength=MAX_NAME_LENGTH),
        last_name=_text(maxLength=MAX_NAME_LENGTH),
        email=_text("As its owner wrote it.", maxLength=MAX_EMAIL_LENGTH),
        phone=_or_null(_text("E.164 where it was recognised, else as typed.", maxLength=MAX_PHONE_LENGTH)),
        message=_or_null(_text(maxLength=MAX_MESSAGE_LENGTH)),
        source=_or_null(_text("Where the lead came from.", maxLength=MAX_SOURCE_LENGTH)),
        state=_one_of(LeadState),
        resume={"type": "null", "description": "No lead has a resume yet."},
        duplicate_of=_or_null(
            _text("The first lead with the same e-mail address; never told to the public.")
        ),
        follow_up_at={"type": "null", "description": "No lead has a follow-up yet."},
        created_at=_time(),
        updated_at=_time(),
        version={"type": "integer", "minimum": 1, "description": "One more with every change."},
    )


def _new_lead() -> Schema:
    """Blank counts as not given; what is too long or of another type is refused."""
    properties = {
        "first_name": _text(minLength=1, maxLength=MAX_NAME_LENGTH, pattern=r"\S"),
        "last_name": _text(minLength=1, maxLength=MAX_NAME_LENGTH, pattern=r"\S"),
        "email": _text(minLength=3, maxLength=MAX_EMAIL_LENGTH, format="email"),
        "phone": _or_null(_text("A number of 4 to 15 digits.", maxLength=MAX_PHONE_LENGTH)),
        "message": _or_null(_text("May have line breaks.", maxLength=MAX_MESSAGE_LENGTH)),
        "source": _or_null(_text("Where the lead comes from.", maxLength=MAX_SOURCE_LENGTH)),
    }
    return {
        "type": "object",
        "description": "Texts are trimmed. Other fields are ignored.",
        "properties": properties,
        "required": ["first_name", "last_name", "email"],
    }


def _weekly_report() -> Schema:
    return _object(
        week=_text("ISO 8601, such as 2026-W46.", pattern=r"^\d{4}-W\d{2}$"),
        start=_time("The first instant of the week."),
        end=_time("The first instant after the week."),
        number_of_leads={"type": "integer", "minimum": 0, "description": "Sealed; never changes."},
        state=_one_of(ReportState),
        may_have_arrived_twice={"type": "boolean"},
        sealed_at=_time(),
        next_attempt_at=_or_null(_time()),
        attempts=array_of("Attempt"),
    )


def _attempt() -> Schema:
    return _object(
        number={"type": "integer", "minimum": 1},
        started_at=_time(),
        finished_at=_or_null(_time()),
        outcome={
            "enum": [*sorted(Outcome), None],
            "description": "null while the attempt goes on.",
        },
        status=_or_null({"type": "integer", "description": "The HTTP status of the answer."}),
        detail=_or_null(_text()),
    )


def _user() -> Schema:
    return _object(
        name=_account_name(),
        role=_one_of(Role),
        email=_or_null(_text(maxLength=MAX_EMAIL_LENGTH)),
        created_at=_time(),
        disabled_at=_or_null(_time("Since when they cannot sign in.")),
    )


def _new_user() -> Schema:
    fields = _object(name=_account_name(), role=_one_of(Role), password=_password(), email=_email_or_null())
    return fields | {"required": ["name", "role", "password"]}


def _user_change() -> Schema:
    disabled: Schema = {"type": "boolean", "description": "`false` lets them sign in again."}
    fields = _object(role=_one_of(Role), email=_email_or_null(), password=_password(), disabled=disabled)
    return fields | {"required": [], "description": "What is not given stays as it is; a null clears."}


def _api_key() -> dict[str, Schema]:
    return {
        "name": _account_name(),
        "role": _one_of(Role),
        "created_at": _time(),
        "revoked_at": _or_null(_time("Since when it leads in no more.")),
    }


def _account_name() -> Schema:
    return _text("Trimmed; without colon.", minLength=1, maxLength=MAX_ACCOUNT_NAME_LENGTH, pattern="^[^:]+$")


def _email_or_null() -> Schema:
    return _or_null(_text(minLength=3, maxLength=MAX_EMAIL_LENGTH, format="email"))


def _password() -> Schema:
    return _text(minLength=1, maxLength=MAX_PASSWORD_LENGTH, format="password", writeOnly=True)


def _readiness() -> Schema:
    check = _object(passed={"type": "boolean"}, detail=_text())
    return _object(status={"const": "ready"}, checks={"type": "object", "additionalProperties": check})


def _problem() -> Schema:
    return {
        "type": "object",
        "description": "RFC 9457. Some types have more members.",
        "properties": {
            "type": _text("Stable; ends in the kind of problem.", format="uri"),
            "title": _text(),
            "status": {"type": "integer"},
            "detail": _text(),
            "request_id": _text("The same as in X-Request-ID; tell it to the operator."),
            "errors": {
                "type": "array",
                "description": "Every bad field (422).",
                "items": _object(field=_text(), message=_text()),
            },
            "lead": _text("The lead that has the address already (409).", format="uri"),
        },
        "required": ["type", "title", "status", "request_id"],
    }


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _text(description: str | None = None, **rules: object) -> Schema:
    return {"type": "string", **({"description": description} if description else {}), **rules}


def _time(description: str | None = None) -> Schema:
    return _text(description, format="date-time", examples=["2026-11-16T09:30:00.000000Z"])


def _one_of(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": sorted(values)}


def _or_null(schema: Schema) -> Schema:
    return schema | {"type": [schema["type"], "null"]}
