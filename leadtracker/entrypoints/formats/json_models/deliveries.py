"""The JSON objects of what is sent: deliveries, weekly reports and webhook endpoints."""

from typing import Annotated, Self

from attrs import asdict, evolve
from pydantic import AliasPath, Field, model_validator

from leadtracker.domain.model.deliveries.attempt_detail import DetailCode
from leadtracker.domain.model.deliveries.deliverable import Attempt, Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, Delivery, DeliveryKind, DeliveryState
from leadtracker.domain.model.reports.sealed_leads import Exclusion, Explanation
from leadtracker.domain.model.reports.sinks import Sink
from leadtracker.domain.model.reports.weekly_report import ReportState
from leadtracker.domain.model.values.timestamps import format_timestamp
from leadtracker.entrypoints.formats.as_json import Json, JsonModel, Timestamp
from leadtracker.entrypoints.formats.attempt_details import english_detail

Count = Annotated[int, Field(json_schema_extra={"minimum": 0}, examples=[7])]


class AttemptJson(JsonModel):
    """One attempt to send something."""

    number: int = Field(description="Counts from 1.", examples=[1], json_schema_extra={"minimum": 1})
    started_at: Timestamp
    finished_at: Timestamp | None
    outcome: Outcome | None = Field(description="null while the attempt is in progress.")
    status: int | None = Field(description="The receiver's HTTP or SMTP status code.", examples=[200])
    detail: str | None = Field(
        description="What happened, as an English sentence without secrets.",
        examples=["mx.example.com answered 550 to RCPT."],
    )
    detail_code: DetailCode | None = Field(description="A stable code for `detail`.")

    @model_validator(mode="before")
    @classmethod
    def _read_attempt(cls, source: object) -> object:
        if not isinstance(source, Attempt):
            return source
        code = source.detail and source.detail.code
        return asdict(source, recurse=False) | {"detail": english_detail(source), "detail_code": code}


class DeliveryJson(JsonModel):
    """An e-mail or a webhook, with its attempts."""

    id: str = Field(description="Opaque.", examples=["0190c3a2f1d87cc0a3b1e0d3c5a79b12"])
    channel: Channel
    kind: DeliveryKind
    recipient: str = Field(
        description="An e-mail address, or scheme and host of a webhook endpoint.",
        examples=["ann@example.com"],
    )
    lead_id: str | None = Field(
        description="null if the delivery concerns no single lead.",
        examples=["0190c3a2f1d87cc0a3b1e0d3c5a79b12"],
    )
    state: DeliveryState
    created_at: Timestamp
    next_attempt_at: Timestamp | None = Field(validation_alias="due_at")
    message_id: str = Field(
        description="The same on every attempt: the Message-ID of an e-mail, the webhook-id of a webhook.",
        examples=["<0190c3a2f1d87cc0a3b1e0d3c5a79b12@leadtracker.invalid>"],
    )
    attempts: list[AttemptJson]

    @classmethod
    def for_sender(cls, delivery: Delivery, mail_domain: str) -> Self:
        """The delivery, with the Message-ID that a sender in that domain gives to an e-mail."""
        return cls(
            id=delivery.id,
            channel=delivery.channel,
            kind=delivery.kind,
            recipient=delivery.recipient,
            lead_id=delivery.lead_id,
            state=delivery.state,
            created_at=delivery.created_at,
            due_at=delivery.due_at,
            message_id=delivery.message_id(mail_domain),
            attempts=[AttemptJson.of(attempt) for attempt in delivery.attempts],
        )


class EndpointJson(JsonModel):
    """A webhook endpoint, without the parts of its URL that may be secret."""

    number: int = Field(description="Its position in the settings, counted from 1.", examples=[1])
    url: str = Field(validation_alias=AliasPath("endpoint", "origin"), examples=["https://example.com"])
    disabled_at: Timestamp | None


class _WeekJson(JsonModel):
    """A calendar week in the business's time zone."""

    week: str = Field(
        description="ISO 8601.",
        validation_alias=AliasPath("week", "name"),
        examples=["2026-W46"],
        json_schema_extra={"pattern": r"^\d{4}-W\d{2}$"},
    )
    start: Timestamp = Field(
        description="The first moment of the week.", validation_alias=AliasPath("week", "start")
    )
    end: Timestamp = Field(
        description="The first moment after the week.", validation_alias=AliasPath("week", "end")
    )


class WeekPreviewJson(_WeekJson):
    """The number that a week would be sealed with now."""

    number_of_leads: Count


class WeekCountJson(_WeekJson):
    """The leads of a cohort that arrived in one week."""

    count: Count


class SinkDeliveryJson(JsonModel):
    """The delivery of a weekly report to one sink."""

    sink: Sink
    state: ReportState
    attempts: list[AttemptJson]


class WeeklyReportJson(JsonModel):
    """A sealed week with its number and the attempts to deliver it."""

    week: str = Field(
        description="ISO 8601.",
        validation_alias=AliasPath("report", "week", "name"),
        examples=["2026-W46"],
        json_schema_extra={"pattern": r"^\d{4}-W\d{2}$"},
    )
    start: Timestamp = Field(
        description="The first moment of the week.", validation_alias=AliasPath("report", "week", "start")
    )
    end: Timestamp = Field(
        description="The first moment after the week.", validation_alias=AliasPath("report", "week", "end")
    )
    number_of_leads: Count = Field(
        description="Sealed; never changes.", validation_alias=AliasPath("report", "number_of_leads")
    )
    state: ReportState = Field(
        description="Of the delivery to Retool or the log.", validation_alias=AliasPath("report", "state")
    )
    may_have_arrived_twice: bool = Field(
        description="True if an attempt of unknown outcome was followed by another one.",
        validation_alias=AliasPath("report", "may_have_arrived_twice"),
        examples=[False],
    )
    sealed_at: Timestamp = Field(validation_alias=AliasPath("report", "sealed_at"))
    next_attempt_at: Timestamp | None = Field(validation_alias=AliasPath("report", "due_at"))
    attempts: list[AttemptJson] = Field(
        description="Of the delivery to Retool or the log.", validation_alias=AliasPath("report", "attempts")
    )
    deliveries: list[SinkDeliveryJson] = Field(
        description="The delivery to Retool or the log, then one for each recipient of the e-mail."
    )


class CountedLeadJson(JsonModel):
    """A lead that a sealed number counts."""

    id: str = Field(description="Opaque.", examples=["0190c3a2f1d87cc0a3b1e0d3c5a79b12"])
    created_at: Timestamp
    erased: bool = Field(description="True if the lead is no longer stored.", examples=[False])


class ExcludedLeadJson(JsonModel):
    """A lead that was created in a sealed week, and that its number does not count."""

    id: str = Field(description="Opaque.", examples=["0190c3a2f1d87cc0a3b1e0d3c5a79b12"])
    created_at: Timestamp
    reason: Exclusion


class DifferenceJson(JsonModel):
    """The changes since a week was sealed."""

    number_of_leads: Count = Field(
        description="The number that the week would be sealed with now.", validation_alias="today"
    )
    erased: Count = Field(description="Counted leads that were erased since.")
    linked: Count = Field(description="Counted leads that have become repeat enquiries since.")
    unlinked: Count = Field(description="Repeat enquiries that have become primary leads since.")
    released: Count = Field(description="Leads that were released from quarantine since.")
    added: Count = Field(description="Leads that were imported, or entered with an earlier time, since.")


class ExplanationJson(JsonModel):
    """A sealed number, explained by its leads."""

    week: str = Field(
        description="ISO 8601.",
        validation_alias=AliasPath("report", "week", "name"),
        examples=["2026-W46"],
        json_schema_extra={"pattern": r"^\d{4}-W\d{2}$"},
    )
    number_of_leads: Count = Field(
        description="Sealed; never changes.", validation_alias=AliasPath("report", "number_of_leads")
    )
    counted: list[CountedLeadJson] = Field(description="As many as `number_of_leads`, oldest first.")
    excluded: list[ExcludedLeadJson] = Field(description="Oldest first.")
    today: DifferenceJson = Field(
        description="The number of today, and how it follows from the sealed one.",
        validation_alias="difference",
    )

    @classmethod
    def json_of(cls, explanation: Explanation) -> Json:
        """Return the JSON of an explanation without a model for each of thousands of leads."""
        without = evolve(explanation, counted=(), excluded=())
        counted = [
            {"id": one.id, "created_at": format_timestamp(one.created_at), "erased": one.erased}
            for one in explanation.counted
        ]
        excluded = [
            {"id": one.id, "created_at": format_timestamp(one.created_at), "reason": one.reason}
            for one in explanation.excluded
        ]
        return cls.of(without).as_json() | {"counted": counted, "excluded": excluded}
