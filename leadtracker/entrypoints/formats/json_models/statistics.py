"""The JSON object of the statistics of a cohort."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Annotated, Self

from pydantic import Field, PlainSerializer, WithJsonSchema

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.reports.cohort_counts import CohortStatistics, GroupCounts, Groups
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


class GroupCountJson(JsonModel):
    """The number of leads of one group of a cohort, and how far they have come."""

    count: Count
    contacted: Count = Field(description="Those that were contacted, even if they were lost afterwards.")
    converted: Count
    lost: Count


class SourceCountJson(GroupCountJson):
    """The leads of a cohort that came from one source."""

    source: str | None = Field(description="null counts the leads without a source.", examples=["website"])


class OwnerCountJson(GroupCountJson):
    """The leads of a cohort that one user owns."""

    owner: str | None = Field(description="null counts the unowned leads.", examples=["ann"])


class TouchCountJson(GroupCountJson):
    """The leads of a cohort with one touch."""

    touch: str | None = Field(
        description="UTM source, medium and campaign; null counts the leads without any.",
        examples=["google / cpc / spring"],
    )


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


class WeekStatisticsJson(WeekCountJson):
    """The leads of a cohort that arrived in one week."""

    contacted: Count
    converted: Count
    lost: Count
    time_to_first_contact: TimeToContactJson


class StatisticsJson(JsonModel):
    """Counts of the leads that arrived within a period, duplicates excluded.

    Each list has at most 100 groups.
    """

    start: Timestamp | None = Field(serialization_alias="from")
    end: Timestamp | None = Field(serialization_alias="to")
    by_state: CountsByState
    by_source: list[SourceCountJson] = Field(description="The most frequent sources first.")
    by_owner: list[OwnerCountJson] = Field(description="The users with the most leads first.")
    by_lost_reason: list[LostReasonCountJson] = Field(description="The most frequent reasons first.")
    by_first_touch: list[TouchCountJson] = Field(description="By the campaign of the primary leads.")
    by_last_touch: list[TouchCountJson] = Field(
        description="The same leads by the campaign of the latest enquiry of each person."
    )
    by_week: list[WeekStatisticsJson] = Field(description="Weeks without leads are left out.")
    funnel: FunnelJson
    time_to_first_contact: TimeToContactJson

    @classmethod
    def of_cohort(cls, cohort: TimeRange, statistics: CohortStatistics) -> Self:
        """The statistics of the leads that arrived within ``cohort``."""
        counts = statistics.counts
        return cls.model_validate(
            {
                "start": cohort.start,
                "end": cohort.end,
                "by_state": statistics.by_state,
                "by_source": _groups("source", counts.by_source),
                "by_owner": _groups("owner", counts.by_owner),
                "by_lost_reason": [
                    {"lost_reason": reason, "count": one.captured}
                    for reason, one in counts.by_lost_reason.items()
                ],
                "by_first_touch": _groups("touch", counts.by_first_touch),
                "by_last_touch": _groups("touch", counts.by_last_touch),
                "by_week": [
                    SimpleNamespace(
                        week=one.week, time_to_first_contact=one.time_to_contact, **_numbers(one.counts)
                    )
                    for one in statistics.weeks
                ],
                "funnel": statistics.funnel,
                "time_to_first_contact": statistics.time_to_contact,
            }
        )


def _groups(kind: str, groups: Groups) -> list[dict[str, object]]:
    return [{kind: name, **_numbers(counts)} for name, counts in groups.items()]


def _numbers(counts: GroupCounts) -> dict[str, int]:
    return {
        "count": counts.captured,
        "contacted": counts.contacted,
        "converted": counts.converted,
        "lost": counts.lost,
    }
