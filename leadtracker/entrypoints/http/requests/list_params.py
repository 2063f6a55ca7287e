"""The query parameters of lists and statistics; those of leads are in ``lead_params``."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from leadtracker.domain.model.deliveries.delivery import DeliveryState
from leadtracker.domain.model.intake.quarantined_lead import QuarantineReason
from leadtracker.domain.model.leads.follow_up import FollowUpStatus
from leadtracker.domain.model.leads.queries.lead_query import DEFAULT_PAGE_SIZE
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.entrypoints.http.requests.cursors import read_cursor
from leadtracker.entrypoints.http.requests.query import (
    Limit,
    QueryParams,
    RangeEnd,
    RangeStart,
    one_of,
)

IMPORTS = "imports"
"""The name of the list of imports in its cursors."""

QUARANTINE = "quarantine"
"""The name of the list of quarantined leads in its cursors."""

RANGE_FROM = "From this day (in the business's time zone) or time on."
RANGE_TO = "Up to the end of this day (in the business's time zone), or up to this time, which is excluded."
LIMIT_TEXT = "The maximum number of items of a page."
CURSOR_TEXT = "The `cursor` of the `next` link of the previous page."
CURSOR_EXAMPLE = "LWNyZWF0ZWRfYXQgMjAyNi0xMS0xNlQwOTozMDowMC4wMDAwMDBaIDAxOTBjM2Ey"


class FollowUpListParams(QueryParams):
    """The parameters of ``GET /follow-ups``."""

    status: Annotated[FollowUpStatus | None, one_of(FollowUpStatus)] = Field(
        None, description="Follow-ups of this status; by default all that are not done."
    )
    limit: Limit = Field(DEFAULT_PAGE_SIZE, description=LIMIT_TEXT)
    after: Cursor | None = Field(None, alias="cursor", description=CURSOR_TEXT, examples=[CURSOR_EXAMPLE])

    @field_validator("after", mode="plain", json_schema_input_type=str)
    @classmethod
    def _read_after(cls, text: str, info: ValidationInfo) -> Cursor:
        return Cursor(*read_cursor(follow_up_list_name(info.data.get("status")), text))


class DeliveryListParams(QueryParams):
    """The parameters of ``GET /deliveries``."""

    state: Annotated[DeliveryState | None, one_of(DeliveryState)] = Field(
        None, description="Deliveries in this state; by default all."
    )
    limit: Limit = Field(DEFAULT_PAGE_SIZE, description=LIMIT_TEXT)
    after: Cursor | None = Field(None, alias="cursor", description=CURSOR_TEXT, examples=[CURSOR_EXAMPLE])

    @field_validator("after", mode="plain", json_schema_input_type=str)
    @classmethod
    def _read_after(cls, text: str, info: ValidationInfo) -> Cursor:
        return Cursor(*read_cursor(delivery_list_name(info.data.get("state")), text))


class QuarantineListParams(QueryParams):
    """The parameters of ``GET /quarantine``."""

    reason: Annotated[QuarantineReason | None, one_of(QuarantineReason)] = Field(
        None, description="Submissions that are quarantined for this reason; by default all."
    )

    limit: Limit = Field(DEFAULT_PAGE_SIZE, description=LIMIT_TEXT)
    after: Cursor | None = Field(None, alias="cursor", description=CURSOR_TEXT, examples=[CURSOR_EXAMPLE])

    @field_validator("after", mode="plain", json_schema_input_type=str)
    @classmethod
    def _read_after(cls, text: str) -> Cursor:
        return Cursor(*read_cursor(QUARANTINE, text))


class ImportListParams(QueryParams):
    """The parameters of ``GET /imports``."""

    limit: Limit = Field(DEFAULT_PAGE_SIZE, description=LIMIT_TEXT)
    after: Cursor | None = Field(None, alias="cursor", description=CURSOR_TEXT, examples=[CURSOR_EXAMPLE])

    @field_validator("after", mode="plain", json_schema_input_type=str)
    @classmethod
    def _read_after(cls, text: str) -> Cursor:
        return Cursor(*read_cursor(IMPORTS, text))


class CohortParams(QueryParams):
    """The parameters of ``GET /stats``. ``read`` needs the business's time zone as ``zone``."""

    start: RangeStart = Field(
        None,
        alias="from",
        description=f"Leads created in a time range. {RANGE_FROM}",
        examples=["2026-11-16"],
    )
    end: RangeEnd = Field(
        None, alias="to", description=f"Leads created in a time range. {RANGE_TO}", examples=["2026-11-22"]
    )

    @property
    def time_range(self) -> TimeRange:
        """The range in which the leads of the cohort were created."""
        return TimeRange(self.start, self.end)


def delivery_list_name(state: DeliveryState | None) -> str:
    """Return the name of the list of deliveries in a state, for its cursors."""
    return f"deliveries:{state or 'all'}"


def follow_up_list_name(status: FollowUpStatus | None) -> str:
    """Return the name of the list of follow-ups of a status, for its cursors."""
    return status or "open"
