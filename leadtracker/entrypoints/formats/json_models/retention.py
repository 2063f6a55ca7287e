"""The JSON objects of retention, as the command line prints them."""

from collections.abc import Iterable
from typing import Self

from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.use_cases.leads.retention import DueLead, StateRetention
from leadtracker.entrypoints.formats.as_json import JsonModel, Timestamp


class StateRetentionJson(JsonModel):
    """The retention of one state, and how many persons it concerns."""

    state: LeadState
    months: int
    due: int
    soon: int | None


class DueLeadJson(JsonModel):
    """A lead that is erased from ``due_at`` on."""

    id: str
    state: LeadState
    owner: str | None
    enquiries: int
    last_activity: Timestamp
    due_at: Timestamp

    @classmethod
    def of_lead(cls, due: DueLead) -> Self:
        """The JSON object of a lead, without what the person has sent."""
        lead = due.lead
        return cls(
            id=lead.id,
            state=lead.state,
            owner=lead.owner,
            enquiries=lead.enquiries,
            last_activity=due.last_activity,
            due_at=due.due_at,
        )


class RetentionJson(JsonModel):
    """The people whom retention erases now and soon; ``paused`` until an operator confirms the clock."""

    paused: bool
    states: list[StateRetentionJson]
    leads: list[DueLeadJson]

    @classmethod
    def of_preview(
        cls, counts: Iterable[StateRetention], leads: Iterable[DueLead], *, is_paused: bool
    ) -> Self:
        """The JSON object of a preview."""
        return cls(
            paused=is_paused,
            states=[StateRetentionJson.of(one) for one in counts],
            leads=[DueLeadJson.of_lead(one) for one in leads],
        )
