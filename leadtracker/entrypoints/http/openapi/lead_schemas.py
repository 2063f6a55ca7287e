"""The shapes of leads and of what belongs to them."""

from leadtracker.domain.model.email_address import MAX_EMAIL_LENGTH
from leadtracker.domain.model.intake.quarantined_lead import SpamReason
from leadtracker.domain.model.intake.resume import MAX_FILENAME_LENGTH
from leadtracker.domain.model.intake.resume_kind import KINDS
from leadtracker.domain.model.leads.fields import (
    MAX_MESSAGE_LENGTH,
    MAX_NAME_LENGTH,
    MAX_SOURCE_LENGTH,
)
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.phone import MAX_PHONE_LENGTH
from leadtracker.domain.use_cases.leads.change_states import MAX_BULK_LEADS
from leadtracker.domain.use_cases.leads.read_history import MAX_NOTE_LENGTH
from leadtracker.entrypoints.formats.import_summary import MAX_LISTED_ROWS
from leadtracker.entrypoints.http.openapi.types import (
    Schema,
    array_of,
    line,
    lines,
    not_blank,
    object_of,
    one_of,
    or_empty,
    or_null,
    phone_number,
    ref,
    resume_file,
    text,
    time,
    without_null,
)


def lead_schemas() -> dict[str, Schema]:
    """The schemas of leads."""
    return {
        "Lead": _lead(),
        "Resume": _resume(),
        "NewLead": _new_lead(),
        "NewLeadForm": without_null(_new_lead()),
        "NewLeadWithFile": _new_lead_with_file(),
        "LeadChange": _lead_change(),
        "LeadChangeForm": without_null(_lead_change()),
        "HistoryEntry": _history_entry(),
        "Note": _note(),
        "FollowUp": _follow_up(),
        "NewFollowUp": _new_follow_up(),
        "BulkStateChange": _bulk_state_change(),
        "BulkResults": _bulk_results(),
        "ImportResult": _import_result(),
        "Person": _person(),
        "QuarantinedLead": _check_for_spam(),
        "Statistics": _statistics(),
    }


def _lead() -> Schema:
    return object_of(
        id=text("Opaque."),
        first_name=text(maxLength=MAX_NAME_LENGTH),
        last_name=text(maxLength=MAX_NAME_LENGTH),
        email=text("As its owner wrote it.", maxLength=MAX_EMAIL_LENGTH),
        phone=or_null(text("E.164 where it was recognised, else as typed.", maxLength=MAX_PHONE_LENGTH)),
        message=or_null(text(maxLength=MAX_MESSAGE_LENGTH)),
        source=or_null(text("Where the lead came from.", maxLength=MAX_SOURCE_LENGTH)),
        state=one_of(LeadState),
        resume={"oneOf": [ref("Resume"), {"type": "null"}]},
        duplicate_of=or_null(
            text("The primary lead with the same e-mail address; never told to the public.")
        ),
        follow_up_at=or_null(time("When the next follow-up is due.")),
        created_at=time(),
        updated_at=time(),
        version={"type": "integer", "minimum": 1, "description": "One more with every change."},
    )


def _resume() -> Schema:
    return object_of(
        filename=text("As its sender called it, cleaned.", maxLength=MAX_FILENAME_LENGTH),
        content_type=one_of(kind.content_type for kind in KINDS.values()),
        size={"type": "integer", "minimum": 1, "description": "In bytes."},
        url=text("Where the file is, from the server's root.", format="uri-reference"),
    )


def _resume_text() -> Schema:
    return text("Kept as a text file; a URL is kept as text, too.", pattern=r"^[^\x00]*$")


def _new_lead() -> Schema:
    """Blank counts as not given; what is too long or of another type is refused."""
    return {
        "type": "object",
        "description": "Texts are trimmed. Other fields are ignored.",
        "properties": _writable() | {"resume": or_null(_resume_text())},
        "required": ["first_name", "last_name", "email"],
    }


def _new_lead_with_file() -> Schema:
    form = without_null(_new_lead())
    return form | {"properties": form["properties"] | {"resume": resume_file()}}


def _writable() -> dict[str, Schema]:
    return {
        "first_name": not_blank(line(maxLength=MAX_NAME_LENGTH)),
        "last_name": not_blank(line(maxLength=MAX_NAME_LENGTH)),
        "email": text(minLength=3, maxLength=MAX_EMAIL_LENGTH, format="email"),
        "phone": or_null(phone_number("A number of 4 to 15 digits.", maxLength=MAX_PHONE_LENGTH)),
        "message": or_null(lines("May have line breaks.", maxLength=MAX_MESSAGE_LENGTH)),
        "source": or_null(line("Where the lead comes from.", maxLength=MAX_SOURCE_LENGTH)),
    }


def _lead_change() -> Schema:
    link = text("The lead that this one is a duplicate of; null unlinks it.", maxLength=64)
    properties = _writable() | {"state": one_of(LeadState), "duplicate_of": or_null(link)}
    return {
        "type": "object",
        "description": "The fields given get new values, null clears one, the rest stay.",
        "properties": properties,
        "additionalProperties": False,
    }


def _history_entry() -> Schema:
    change = object_of(field=text(), **{"from": or_null(text()), "to": or_null(text())})
    return object_of(
        at=time(),
        actor=text("Such as user:ann, api-key:website, operator or public."),
        action=one_of(Action),
        changes={"type": "array", "items": change},
        note=or_null(text()),
        version={"type": "integer", "minimum": 1, "description": "The lead's version afterwards."},
        request_id=or_null(text("Of the request that did it.")),
    )


def _note() -> Schema:
    return object_of(note=not_blank(lines(maxLength=MAX_NOTE_LENGTH)))


def _follow_up() -> Schema:
    return object_of(
        id=text("Opaque."),
        lead_id=text(),
        due_at=or_null(time("null if it was not planned but simply done.")),
        note=or_null(text()),
        message=or_null(text("For the prospect.")),
        created_at=time(),
        created_by=text(),
        done_at=or_null(time("null while it is open.")),
    )


def _new_follow_up() -> Schema:
    properties = {
        "due_at": or_null(text("Plans the lead's next follow-up, in place of the one that is planned."))
        | or_empty({"format": "date-time"}),
        "note": or_null(lines("For the staff.", maxLength=MAX_MESSAGE_LENGTH)),
        "message": or_null(lines("For the prospect, now.", maxLength=MAX_MESSAGE_LENGTH)),
    }
    return {
        "type": "object",
        "description": "Without due_at, or with a message, a follow-up is done now.",
        "properties": properties,
        "additionalProperties": False,
    }


def _bulk_state_change() -> Schema:
    ids = {"type": "array", "items": text(), "minItems": 1, "maxItems": MAX_BULK_LEADS}
    return object_of(ids=ids, state=one_of(LeadState))


def _bulk_results() -> Schema:
    result = object_of(
        id=text(),
        status={"type": "integer", "description": "As if the lead had been changed by itself."},
        lead={"oneOf": [ref("Lead"), {"type": "null"}]},
        problem={"oneOf": [ref("Problem"), {"type": "null"}]},
    )
    return object_of(results={"type": "array", "items": result})


def _import_result() -> Schema:
    line = {"type": "integer", "minimum": 2, "description": "Where the row begins; the header is line 1."}
    number = {"type": "integer", "minimum": 0}
    duplicate = object_of(line=line, email=text("As it is in the file."))
    rejected = object_of(line=line, field=text("The first bad column, or `row`."), message=text())
    result = object_of(
        created=number,
        duplicates={"type": "array", "items": duplicate, "maxItems": MAX_LISTED_ROWS},
        rejected={"type": "array", "items": rejected, "maxItems": MAX_LISTED_ROWS},
    )
    result["properties"] |= {
        "ignored_columns": {
            "type": "array",
            "items": text(),
            "description": "Columns that mean nothing here; missing if there are none.",
        },
        "not_listed": {
            **object_of(duplicates=number, rejected=number),
            "description": "How many rows there are beyond those listed; missing if there are none.",
        },
    }
    return result


def _person() -> Schema:
    record = {"lead": ref("Lead"), "history": array_of("HistoryEntry"), "follow_ups": array_of("FollowUp")}
    duplicates = {"type": "array", "items": object_of(**record)}
    return object_of(
        exported_at=time(), **record, duplicates=duplicates, quarantine=array_of("QuarantinedLead")
    )


def _check_for_spam() -> Schema:
    lead, resume = _lead()["properties"], _resume()["properties"]
    shown = ("id", "first_name", "last_name", "email", "phone", "message", "source")
    file = object_of(**{name: resume[name] for name in ("filename", "content_type", "size")})
    return object_of(
        **{name: lead[name] for name in shown},
        resume={"oneOf": [file, {"type": "null"}]},
        reason=one_of(SpamReason) | {"description": "Why it looks like spam."},
        received_at=time(),
    )


def _statistics() -> Schema:
    count = {"type": "integer", "minimum": 0}
    seconds = {"type": ["number", "null"], "minimum": 0}
    return object_of(
        **{"from": or_null(time()), "to": or_null(time())},
        by_state=object_of(**{state.value: count for state in LeadState}),
        by_source={"type": "array", "items": object_of(source=or_null(text()), count=count)},
        by_week={
            "type": "array",
            "description": "Weeks without leads are left out.",
            "items": object_of(week=text(), start=time(), end=time(), count=count),
        },
        funnel=object_of(captured=count, reached_out=count, converted=count),
        time_to_first_contact=object_of(contacted=count, median_seconds=seconds, p90_seconds=seconds),
    )
