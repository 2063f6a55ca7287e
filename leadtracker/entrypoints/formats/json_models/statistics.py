"""The JSON object of the statistics of a cohort."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Annotated, Self

from attrs import asdict
from pydantic import Field, PlainSerializer, WithJsonSchema

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.statistics import CohortDetails, CohortStatistics, SourceProgress
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.entrypoints.formats.as_json import JsonModel, Timestamp
from leadtracker.entrypoints.formats.json_models.deliveries import Count, WeekCountJson

Seconds = Annotated[
    timedelta,
    PlainSerializer(timedelta.total_seconds, return_type=float),
    WithJsonSchema({"type": "number", "minimum": 0, "examples": [5_400.0]}),
]

_COUNT = {"type": "integer", "minimum": 0, "examples": [7]}

CountsByState = Annotated[
    dict[LeadState, int],
    WithJsonSchema(
        {
            "type": "object",
            "properties": {state.value: _COUNT for state in LeadState},
            "required": [state.value for state in LeadState],
            "additionalProperties": False,
        }
    ),
]


class SourceCountJson(JsonModel):
    """The leads of a cohort that came from one source."""

    source: str | None = Field(description="null counts the leads without a source.", examples=["website"])
    count: Count
    contacted: Count = Field(description="Those that were contacted, even if they were lost afterwards.")
    converted: Count


class OwnerCountJson(JsonModel):
    """The leads of a cohort that one user owns."""

    owner: str | None = Field(description="null counts the unowned leads.", examples=["ann"])
    count: Count


class LostReasonCountJson(JsonModel):
    """The lost leads of a cohort with one reason."""

    lost_reason: str | None = Field(
        description="null counts the leads without a reason.", examples=["too expensive"]
    )
    count: Count


class FunnelJson(JsonModel):
    """The progress of a cohort; each number is part of the one before."""

    captured: Count
    reached_out: Count = Field(description="Those that were contacted, even if they were lost afterwards.")
    converted: Count


class TimeToContactJson(JsonModel):
    """The time from the arrival of a lead to the first contact."""

    contacted: Count
    median_seconds: Seconds | None = Field(validation_alias="median")
    p90_seconds: Seconds | None = Field(validation_alias="p90")


class StatisticsJson(JsonModel):
    """Counts of the leads that arrived within a period, duplicates excluded."""

    start: Timestamp | None = Field(serialization_alias="from")
    end: Timestamp | None = Field(serialization_alias="to")
    by_state: CountsByState
    by_source: list[SourceCountJson] = Field(description="The most frequent sources first.")
    by_owner: list[OwnerCountJson] = Field(description="The users with the most leads first.")
    by_lost_reason: list[LostReasonCountJson] = Field(description="The most frequent reasons first.")
    by_week: list[WeekCountJson] = Field(description="Weeks without leads are left out.")
    funnel: FunnelJson
    time_to_first_contact: TimeToContactJson

    @classmethod
    def of_cohort(cls, cohort: TimeRange, statistics: CohortStatistics, details: CohortDetails) -> Self:
        """The statistics of the leads that arrived within ``cohort``."""
        return cls.model_validate(
            {
                "start": cohort.start,
                "end": cohort.end,
                "by_state": statistics.by_state,
                "by_source": [
                    {"source": name, "count": n, **asdict(details.progress.get(name, SourceProgress()))}
                    for name, n in statistics.by_source.items()
                ],
                "by_owner": [{"owner": name, "count": n} for name, n in details.by_owner.items()],
                "by_lost_reason": [
                    {"lost_reason": reason, "count": n} for reason, n in details.by_lost_reason.items()
                ],
                "by_week": [SimpleNamespace(week=week, count=n) for week, n in statistics.by_week],
                "funnel": statistics.funnel,
                "time_to_first_contact": statistics.time_to_contact,
            }
        )
