"""The query parameters of leads: of their lists, exports and intake."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, create_model, field_validator

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH, RESERVED_NAMES, user_name_of
from leadtracker.domain.model.leads.fields import (
    LAST_TOUCH,
    MAX_SOURCE_LENGTH,
    MAX_TOUCH_LENGTH,
    TOUCH_FIELDS,
)
from leadtracker.domain.model.leads.follow_up import FollowUpStatus
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.leads.queries.lead_query import (
    DEFAULT_PAGE_SIZE,
    WITHOUT_FOLLOW_UP,
    Duplicates,
    LeadFilter,
    Sort,
)
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.leads.queries.text_order import MAX_SORTED_BY_TEXT, TextSort
from leadtracker.domain.model.values.email_address import MAX_EMAIL_LENGTH, EmailAddress
from leadtracker.domain.model.values.field_parser import clean_text
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.use_cases.intake.capture_lead import DuplicatePolicy
from leadtracker.entrypoints.formats.export import ExportFormat
from leadtracker.entrypoints.http.openapi.schemas import line
from leadtracker.entrypoints.http.requests.cursors import read_cursor, read_text_cursor
from leadtracker.entrypoints.http.requests.list_params import (
    CURSOR_EXAMPLE,
    CURSOR_TEXT,
    LIMIT_TEXT,
    RANGE_FROM,
    RANGE_TO,
)
from leadtracker.entrypoints.http.requests.query import (
    Flag,
    Limit,
    QueryParams,
    RangeEnd,
    RangeStart,
    one_of,
    parsed_by,
)

Due = Callable[[FollowUpStatus], TimeRange]

OWNER_ME, OWNER_NONE = RESERVED_NAMES
"""The values of the parameter ``owner`` that are no names of users."""


class FollowUpFilter(StrEnum):
    """When the next follow-up of a lead is due; a lead may have none."""

    OVERDUE = "overdue"
    DUE = "due"
    NONE = "none"


def _read_search(text: str, info: ValidationInfo) -> Search | None:
    parse_search: Callable[[str], Search] = (info.context or {})["parse_search"]
    return parse_search(text) if text.strip() else None


def _read_source(text: str) -> str:
    return clean_text(text, limit=MAX_SOURCE_LENGTH)


def _read_owner(text: str, info: ValidationInfo) -> str:
    """Return the name of a user, or an empty text for ``none``."""
    if text == OWNER_NONE:
        return ""
    if text == OWNER_ME:
        return _caller(info)
    return clean_text(text, limit=MAX_ACCOUNT_NAME_LENGTH)


def _caller(info: ValidationInfo) -> str:
    actor: Actor = (info.context or {})["actor"]
    name = user_name_of(actor.name)
    if name is None:
        message = "must be the name of a user or none, because only users own leads"
        raise ValueError(message)
    return name


def _read_email_key(text: str) -> str:
    return EmailAddress.parse(clean_text(text, limit=MAX_EMAIL_LENGTH)).key


def _read_touch(text: str) -> str:
    return clean_text(text, limit=MAX_TOUCH_LENGTH)


_Touch = Annotated[str | None, parsed_by(_read_touch, **line(maxLength=MAX_TOUCH_LENGTH))]
_touch_params: dict[str, Any] = {
    field.name: (
        _Touch,
        Field(
            None, description=f"Exactly this {field.label} of the lead's own touch.", examples=[field.example]
        ),
    )
    for field in TOUCH_FIELDS
} | {
    LAST_TOUCH + field.name: (
        _Touch,
        Field(
            None,
            description=f"Primary leads whose last touch has exactly this {field.label}: that of the latest "
            "repeat enquiry, or that of the lead if there is none.",
            examples=[field.example],
        ),
    )
    for field in TOUCH_FIELDS
}
_TouchParams = create_model("_TouchParams", __base__=QueryParams, **_touch_params)


class LeadListParams(_TouchParams):
    """The parameters of ``GET /leads``.

    ``read`` needs the business's time zone as ``zone``, ``FindLeads.parse_search`` as ``parse_search``, and
    the caller as ``actor``.
    """

    created_from: RangeStart = Field(
        None, description=f"Created in a time range. {RANGE_FROM}", examples=["2026-11-16"]
    )
    created_to: RangeEnd = Field(
        None, description=f"Created in a time range. {RANGE_TO}", examples=["2026-11-22"]
    )
    updated_from: RangeStart = Field(
        None, description=f"Last changed in a time range. {RANGE_FROM}", examples=["2026-11-16"]
    )
    updated_to: RangeEnd = Field(
        None, description=f"Last changed in a time range. {RANGE_TO}", examples=["2026-11-22"]
    )
    states: list[Annotated[LeadState, parsed_by(LeadState.parse, enum=list(LeadState))]] = Field(
        [], alias="state", description="Leads in this state. Repeat the parameter for several states."
    )
    email_key: Annotated[str | None, parsed_by(_read_email_key, format="email")] = Field(
        None,
        alias="email",
        description="Exactly this address, in any spelling of case and domain.",
        examples=["ada@example.com"],
    )
    source: Annotated[str | None, parsed_by(_read_source, **line(maxLength=MAX_SOURCE_LENGTH))] = Field(
        None, description="Exactly this source.", examples=["website"]
    )
    owner: Annotated[str | None, parsed_by(_read_owner, **line(maxLength=MAX_ACCOUNT_NAME_LENGTH))] = Field(
        None,
        description="Leads that this user owns; `me` is the caller, `none` are leads without an owner.",
        examples=["ann"],
    )
    search: Annotated[Search | None, parsed_by(_read_search)] = Field(
        None,
        alias="q",
        description=(
            "Words in the names, the e-mail address, the phone number, the message or the answers, in any "
            "order. Each may be the beginning of a word, and in scripts without blanks any part. Case, "
            "accents and apostrophes do not matter; `Müller` and `Mueller` find each other. A phone number "
            "is found in any spelling, also without its country code. The first 1,000 characters and 16 "
            "words count."
        ),
        examples=["ada lovelace"],
    )
    follow_up: Annotated[FollowUpFilter | None, one_of(FollowUpFilter)] = Field(
        None,
        description="Leads whose next follow-up is overdue, is due today, or is not scheduled (`none`).",
    )
    duplicates: Annotated[Duplicates | None, one_of(Duplicates)] = Field(
        None,
        description=(
            "Duplicates are leads whose address was known already, so-called repeat enquiries. `open` shows "
            "those that wait for an answer beside the primary leads. They are excluded by default, unless "
            "`duplicate_of`, `waiting` or `hold` is given."
        ),
    )
    duplicate_of: Annotated[str | None, parsed_by(str)] = Field(
        None,
        description="The id of a lead; only its duplicates are listed.",
        examples=["0190c3a2f1d87cc0a3b1e0d3c5a79b12"],
    )
    is_waiting: Flag = Field(
        default=False,
        alias="waiting",
        description="`true`: only leads that wait for an answer, in the state PENDING, with duplicates.",
    )
    is_on_hold: Flag = Field(
        default=False,
        alias="hold",
        description="`true`: only leads on legal hold, with duplicates.",
    )
    sort: Annotated[Sort | TextSort, one_of(Sort, TextSort)] = Field(
        Sort.LATEST_CREATED,
        description=(
            "By a timestamp, where a minus puts the latest first; or by the full name, the state (from "
            "PENDING to LOST), the owner or the source, where a minus reverses the order. Leads without a "
            "follow-up, an owner or a source come last. Case, accents and umlauts do not matter, and of "
            "leads with the same name, state, owner or source the latest comes first. Only a list of at most "
            f"{MAX_SORTED_BY_TEXT:,} leads can be sorted by these; for a longer one the response is 422."
        ),
    )
    limit: Limit = Field(DEFAULT_PAGE_SIZE, description=LIMIT_TEXT)
    after: Cursor | None = Field(None, alias="cursor", description=CURSOR_TEXT, examples=[CURSOR_EXAMPLE])

    @field_validator("after", mode="plain", json_schema_input_type=str)
    @classmethod
    def _read_after(cls, text: str, info: ValidationInfo) -> Cursor:
        sort = info.data.get("sort", Sort.LATEST_CREATED)
        read = read_text_cursor if isinstance(sort, TextSort) else read_cursor
        return Cursor(*read(sort, text))

    def lead_filter(self, due: Due, default: Duplicates = Duplicates.EXCLUDE) -> LeadFilter:
        """Return the conditions for leads.

        Args:
            due: returns the time range in which follow-ups of a status are due.
            default: the duplicates to list if no parameter says so.
        """
        if self.duplicate_of is not None:
            default = Duplicates.ONLY
        elif self.is_waiting or self.is_on_hold:
            default = Duplicates.INCLUDE
        return LeadFilter(
            created_from=self.created_from,
            created_to=self.created_to,
            updated_from=self.updated_from,
            updated_to=self.updated_to,
            states=frozenset(self.states),
            search=self.search,
            follow_up=self._follow_up_range(due),
            email_key=self.email_key,
            source=self.source,
            touch=self._touch(),
            last_touch=self._touch(LAST_TOUCH),
            owner=self.owner or None,
            is_unowned=self.owner == "",
            duplicate_of=self.duplicate_of,
            duplicates=self.duplicates or default,
            is_waiting=self.is_waiting,
            is_on_hold=self.is_on_hold,
        )

    def _touch(self, prefix: str = "") -> dict[str, str]:
        texts = {field.name: getattr(self, prefix + field.name) for field in TOUCH_FIELDS}
        return {name: text for name, text in texts.items() if text is not None}

    def _follow_up_range(self, due: Due) -> TimeRange | None:
        if self.follow_up is None:
            return None
        return (
            WITHOUT_FOLLOW_UP
            if self.follow_up is FollowUpFilter.NONE
            else due(FollowUpStatus(self.follow_up))
        )


class ExportParams(QueryParams):
    """The parameters of exports of leads as files."""

    format: Annotated[ExportFormat, one_of(ExportFormat)] = Field(
        ExportFormat.CSV, description="A CSV file, or a JSON object per line."
    )


class CaptureParams(QueryParams):
    """The query parameters of ``POST /leads``, for callers who may create leads; others are ignored."""

    duplicates: Annotated[DuplicatePolicy, one_of(DuplicatePolicy)] = Field(
        default=DuplicatePolicy.REJECT,
        description="For agents and admins: `link` keeps a lead with a known e-mail address or phone number "
        "as a duplicate; `reject` is answered 409.",
    )
    notify: Flag = Field(
        default=True, description="For agents and admins: `false` sends no e-mail about the new lead."
    )
