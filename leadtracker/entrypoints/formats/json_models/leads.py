"""The JSON objects of leads and of the records that belong to them."""

from typing import Any, Self

from pydantic import Field, create_model

from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.intake.rejected_submission import QuarantineEntry
from leadtracker.domain.model.leads.fields import LEAD_FIELDS, TOUCH_FIELDS, LeadField
from leadtracker.domain.model.leads.history import Action
from leadtracker.domain.model.leads.lead_file import MAX_FILES
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.file_kind import KINDS
from leadtracker.domain.model.values.filename import MAX_FILENAME_LENGTH
from leadtracker.entrypoints.formats.as_json import JsonModel, Timestamp

EXAMPLE_LEAD_ID = "0190c3a2f1d87cc0a3b1e0d3c5a79b12"


def _property(field: LeadField) -> tuple[Any, Any]:
    """The type and the description of the property that shows ``field``."""
    kept = Field(
        description=field.description or None,
        examples=[field.example],
        json_schema_extra={"maxLength": field.max_length},
    )
    return (str if field.is_required else str | None), kept


_properties: dict[str, Any] = {field.name: _property(field) for field in LEAD_FIELDS}
_answers: Any = (
    dict[str, str | list[str]],
    Field(
        description="Inputs that are no field of a lead, by their names.",
        examples=[{"budget": "1000", "topic": ["contract", "lease"]}],
    ),
)
_LeadFields = create_model(
    "_LeadFields",
    __base__=JsonModel,
    id=(str, Field(description="Opaque.", examples=[EXAMPLE_LEAD_ID])),
    **_properties,
    answers=_answers,
)


_TouchFields = create_model(
    "_TouchFields",
    __base__=JsonModel,
    **{field.name: _properties[field.name] for field in TOUCH_FIELDS},
)


class TouchJson(_TouchFields):
    """How the sender of an enquiry came to the form."""


class ResumeFileJson(JsonModel):
    """The file that came with a lead."""

    filename: str = Field(
        description="The sender's name for the file, cleaned.",
        examples=["resume.pdf"],
        json_schema_extra={"maxLength": MAX_FILENAME_LENGTH},
    )
    content_type: str = Field(
        examples=["application/pdf"],
        json_schema_extra={"enum": [*sorted(kind.content_type for kind in KINDS.values())]},
    )
    size: int = Field(description="In bytes.", examples=[48_213], json_schema_extra={"minimum": 1})


class ResumeJson(ResumeFileJson):
    """The file that came with a lead, and its URL."""

    url: str = Field(
        description="Where to download the file, relative to the server's root.",
        examples=[f"/leads/{EXAMPLE_LEAD_ID}/resume"],
        json_schema_extra={"format": "uri-reference"},
    )


class AttachmentJson(ResumeFileJson):
    """A further file that came with a lead, and its URL."""

    id: str = Field(description="Unique among the files of the lead.", examples=["1"])
    url: str = Field(
        description="Where to download the file, relative to the server's root.",
        examples=[f"/leads/{EXAMPLE_LEAD_ID}/attachments/1"],
        json_schema_extra={"format": "uri-reference"},
    )


# Responses of leads are made by the equal, faster ``lead_payload``.
class LeadJson(_LeadFields):
    """A prospect who asked for help."""

    language: str | None = Field(
        description="The language of the form that the prospect saw, and of mails to them; null if unknown.",
        examples=["en"],
    )
    state: LeadState
    owner: str | None = Field(
        description="The name of the user who works on the lead; always null for anonymous clients and "
        "senders.",
        examples=["ann"],
    )
    resume: ResumeJson | None
    attachments: list[AttachmentJson] = Field(json_schema_extra={"maxItems": MAX_FILES})
    duplicate_of: str | None = Field(
        description="The primary lead of the same person; always null for anonymous clients and senders.",
        examples=[EXAMPLE_LEAD_ID],
    )
    enquiries: int = Field(
        description=(
            "How many repeat enquiries of this person came after this lead: the number of its duplicates, "
            "which changes without a new version. Always 0 for anonymous clients and senders."
        ),
        examples=[0],
        json_schema_extra={"minimum": 0},
    )
    last_touch: TouchJson | None = Field(
        description=(
            "The touch of the latest repeat enquiry of this person; null without repeat enquiries, "
            "whose first touch, shown by the properties of the lead, is also the last. Always null for "
            "anonymous clients and senders."
        )
    )
    follow_up_at: Timestamp | None = Field(description="When the next follow-up is due.")
    hold: str | None = Field(
        description="Why a legal hold keeps the lead from being erased; null without one. Changes without a "
        "new version.",
        examples=["Lawsuit 12 O 345/26"],
    )
    created_at: Timestamp
    updated_at: Timestamp
    version: int = Field(
        description="Rises by one with every change.", examples=[1], json_schema_extra={"minimum": 1}
    )


class RejectedFileJson(JsonModel):
    """A file that was sent with a lead and not stored."""

    filename: str = Field(examples=["resume.pdf"])
    message: str = Field(examples=["was not stored, because the disk is nearly full"])


class CapturedLeadJson(LeadJson):
    """A lead as it was stored."""

    rejected_files: list[RejectedFileJson] = Field(
        default_factory=list,
        description="The files that were not stored, because the disk is nearly full; absent if all were.",
    )


class FieldErrorJson(JsonModel):
    """One invalid input."""

    field: str = Field(examples=["email"])
    message: str = Field(examples=["must be an e-mail address, such as name@example.com"])


_optional_properties: dict[str, Any] = {
    field.name: (str | None, _property(field)[1]) for field in LEAD_FIELDS
}
_OptionalLeadFields = create_model(
    "_OptionalLeadFields",
    __base__=JsonModel,
    id=(str, Field(description="Opaque; the lead keeps it.", examples=[EXAMPLE_LEAD_ID])),
    **_optional_properties,
    answers=_answers,
)


class QuarantinedLeadJson(_OptionalLeadFields):
    """A submission in quarantine. Its files have no URLs until it is released.

    The fields of a rejected one (`invalid`) are null; `fields` has its inputs as they came.
    """

    fields: dict[str, str | list[str]] | None = Field(
        description="The inputs of a rejected submission; else null.", examples=[{"email": "ann@"}]
    )
    errors: list[FieldErrorJson]

    resume: ResumeFileJson | None
    attachments: list[ResumeFileJson] = Field(json_schema_extra={"maxItems": MAX_FILES})
    reason: QuarantineReason
    received_at: Timestamp

    @classmethod
    def of(cls, source: QuarantinedLead) -> Self:
        """The quarantined lead with the fields of the lead that it may become."""
        lead = lead_payload(source.lead)
        fields = {name: lead[name] for name in _OptionalLeadFields.model_fields}
        return cls(
            **fields,
            fields=None,
            errors=[],
            resume=source.lead.resume,
            attachments=[one.metadata for one in source.lead.attachments],
            reason=source.reason,
            received_at=source.received_at,
        )

    @classmethod
    def of_entry(cls, source: QuarantineEntry) -> Self:
        """An entry of the quarantine of either kind."""
        if isinstance(source, QuarantinedLead):
            return cls.of(source)
        nothing = dict.fromkeys(_OptionalLeadFields.model_fields)
        return cls(
            **nothing | {"id": source.id, "answers": {}},
            fields=dict(source.fields),
            errors=[FieldErrorJson.of(error) for error in source.errors],
            resume=None,
            attachments=[],
            reason=source.reason,
            received_at=source.received_at,
        )


class ChangeJson(JsonModel):
    """One field of a lead that got another value."""

    field: str = Field(examples=["state"])
    before: str | None = Field(serialization_alias="from", examples=["PENDING"])
    after: str | None = Field(serialization_alias="to", examples=["REACHED_OUT"])


class HistoryEntryJson(JsonModel):
    """An event in the history of a lead."""

    id: int = Field(
        validation_alias="number",
        description="The position in the history of the lead, by which a note is corrected.",
        examples=[2],
        json_schema_extra={"minimum": 1},
    )
    at: Timestamp
    actor: str = Field(
        description="Such as user:ann, api-key:website, operator or public.", examples=["user:ann"]
    )
    action: Action
    changes: list[ChangeJson]
    note: str | None = Field(examples=["Called, no answer."])
    corrects: int | None = Field(
        description="Of an entry that corrects a note: the id of that note.", examples=[None]
    )
    version: int = Field(
        description="The lead's version after the event.", examples=[2], json_schema_extra={"minimum": 1}
    )
    request_id: str | None = Field(
        description="The X-Request-ID of the request that caused the event.", examples=["4f2a9c0e"]
    )


class FollowUpJson(JsonModel):
    """A follow-up with a lead, scheduled or done."""

    id: str = Field(description="Opaque.", examples=["0190c3a2f1d87cc0a3b1e0d3c5a79b13"])
    lead_id: str = Field(examples=[EXAMPLE_LEAD_ID])
    due_at: Timestamp | None = Field(description="null if the follow-up was done without being scheduled.")
    note: str | None = Field(description="For users of LeadTracker.", examples=["Ask for the contract."])
    message: str | None = Field(
        description="Sent to the prospect by e-mail.", examples=["May I call you on Monday?"]
    )
    created_at: Timestamp
    created_by: str = Field(examples=["user:ann"])
    done_at: Timestamp | None = Field(description="null while the follow-up is open.")
