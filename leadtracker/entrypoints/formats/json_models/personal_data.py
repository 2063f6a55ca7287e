"""The JSON objects of all data about a person, for the person."""

from typing import Any, Self

from pydantic import Field

from leadtracker.domain.model.deliveries.delivery import DeliveryKind, DeliveryState
from leadtracker.domain.model.intake.consent import ConsentForm
from leadtracker.domain.model.leads.lead_payload import lead_payload
from leadtracker.domain.use_cases.leads.export_personal_data import LeadRecord, PersonalDataExport
from leadtracker.entrypoints.formats.as_json import JsonModel, Timestamp
from leadtracker.entrypoints.formats.json_models.leads import (
    FollowUpJson,
    HistoryEntryJson,
    LeadJson,
    QuarantinedLeadJson,
)


class ConsentJson(JsonModel):
    """The consent that came with a lead."""

    text: str = Field(
        description="Exactly as the form showed it.", examples=["I agree that my details are stored."]
    )
    version: int = Field(
        description="Which of the installation's texts it is, in the order of their first use.",
        examples=[1],
        json_schema_extra={"minimum": 1},
    )
    at: Timestamp
    form: ConsentForm
    language: str | None = Field(description="The language in which the form was shown.", examples=["en"])


class MailJson(JsonModel):
    """An e-mail to the prospect."""

    kind: DeliveryKind
    recipient: str = Field(examples=["ada@example.com"])
    text: str | None = Field(
        description="What a user wrote; null in an acknowledgement.", examples=["May I call you on Monday?"]
    )
    state: DeliveryState
    created_at: Timestamp


class LeadRecordJson(JsonModel):
    """A lead with its history, its follow-ups, the mails to the prospect, and its consent."""

    lead: LeadJson
    history: list[HistoryEntryJson]
    follow_ups: list[FollowUpJson]
    mails: list[MailJson]
    consent: ConsentJson | None

    @classmethod
    def of(cls, source: LeadRecord) -> Self:
        """The record of one lead."""
        return cls.model_validate(_record(source))


class PersonalDataJson(JsonModel):
    """The complete data of one person: the lead, its duplicates, and submissions in quarantine."""

    exported_at: Timestamp
    lead: LeadJson
    history: list[HistoryEntryJson]
    follow_ups: list[FollowUpJson]
    mails: list[MailJson]
    consent: ConsentJson | None
    duplicates: list[LeadRecordJson]
    quarantine: list[QuarantinedLeadJson]

    @classmethod
    def of(cls, source: PersonalDataExport) -> Self:
        """The export of one person."""
        return cls.model_validate(
            {
                "exported_at": source.at,
                **_record(source.record),
                "duplicates": [_record(record) for record in source.duplicates],
                "quarantine": [
                    *map(QuarantinedLeadJson.of, source.quarantined_leads),
                    *map(QuarantinedLeadJson.of_entry, source.rejected_submissions),
                ],
            }
        )


def _record(record: LeadRecord) -> dict[str, Any]:
    return {
        "lead": lead_payload(record.lead),
        "history": record.history,
        "follow_ups": record.follow_ups,
        "mails": record.mails,
        "consent": record.consent,
    }
