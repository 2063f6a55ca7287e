"""The query parameters of the audit log."""

from typing import Annotated

from pydantic import Field, field_validator

from leadtracker.domain.model.accounts.audit_entry import AuditAction, AuditFilter
from leadtracker.domain.model.leads.queries.lead_query import DEFAULT_PAGE_SIZE
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import clean_text
from leadtracker.entrypoints.http.openapi.schemas import line
from leadtracker.entrypoints.http.requests.cursors import read_cursor
from leadtracker.entrypoints.http.requests.list_params import (
    CURSOR_EXAMPLE,
    CURSOR_TEXT,
    LIMIT_TEXT,
    RANGE_FROM,
    RANGE_TO,
)
from leadtracker.entrypoints.http.requests.query import (
    Limit,
    QueryParams,
    RangeEnd,
    RangeStart,
    one_of,
    parsed_by,
)

AUDIT = "audit"
"""The name of the audit log in its cursors."""
_MAX_ACTOR_LENGTH = 200


def _read_actor(text: str) -> str:
    return clean_text(text, limit=_MAX_ACTOR_LENGTH)


class AuditFilterParams(QueryParams):
    """The selection of entries. ``read`` needs the business's time zone as ``zone``."""

    actor: Annotated[str | None, parsed_by(_read_actor, **line(maxLength=_MAX_ACTOR_LENGTH))] = Field(
        None,
        description="Entries of this actor, exactly as entries name it.",
        examples=["user:ann"],
    )
    action: Annotated[AuditAction | None, one_of(AuditAction)] = Field(
        None, description="Entries of this action."
    )
    start: RangeStart = Field(None, alias="from", description=RANGE_FROM, examples=["2026-11-16"])
    end: RangeEnd = Field(None, alias="to", description=RANGE_TO, examples=["2026-11-22"])

    @property
    def audit_filter(self) -> AuditFilter:
        """The filter that the parameters describe."""
        return AuditFilter(actor=self.actor, action=self.action, start=self.start, end=self.end)


class AuditListParams(AuditFilterParams):
    """The parameters of ``GET /audit``."""

    limit: Limit = Field(DEFAULT_PAGE_SIZE, description=LIMIT_TEXT)
    before: int | None = Field(None, alias="cursor", description=CURSOR_TEXT, examples=[CURSOR_EXAMPLE])

    @field_validator("before", mode="plain", json_schema_input_type=str)
    @classmethod
    def _read_before(cls, text: str) -> int:
        _, number = read_cursor(AUDIT, text)
        if not number.isdecimal() or not number.isascii():
            raise InvalidValue("invalid-cursor")
        return int(number)
