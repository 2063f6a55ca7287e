"""The parameters of the list of leads, all of which are in its URL."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from attrs import field, frozen
from pydantic import Field
from werkzeug.datastructures import MultiDict

from leadtracker.domain.model.accounts.access import Actor
from leadtracker.domain.model.leads.fields import DETAIL_FIELDS, TOUCH_FIELDS
from leadtracker.domain.model.leads.queries.lead_query import Duplicates, LeadFilter, Sort
from leadtracker.domain.model.leads.queries.search import Search
from leadtracker.domain.model.leads.queries.text_order import TextSort
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.entrypoints.http.requests.lead_params import Due, FollowUpFilter, LeadListParams
from leadtracker.entrypoints.http.requests.query import QueryParams, parsed_by
from leadtracker.entrypoints.http.web.lists.last_views import EVERYONE
from leadtracker.entrypoints.http.web.lists.page_params import read_page_params

_COLUMNS = "columns"


COLUMNS = (
    "state",
    "owner",
    *(field.name for field in DETAIL_FIELDS),
    "resume",
    "created_at",
    "updated_at",
    "follow_up_at",
)
"""The columns that the list can show besides the name."""

_RARE_COLUMNS = {"lost_reason", "resume", "updated_at", *(field.name for field in TOUCH_FIELDS)}
DEFAULT_COLUMNS = tuple(column for column in COLUMNS if column not in _RARE_COLUMNS)
_DISPLAY_PARAMS = {"sort", "limit", "cursor", _COLUMNS}
_DUE = {FollowUpFilter.OVERDUE, FollowUpFilter.DUE}
_BASIC_PARAMS = {"q", "state", "waiting", "owner", "cursor"}


@frozen
class LeadListView:
    """The parsed parameters of a URL of the list.

    Attributes:
        params: filter, order and page; None if a parameter is invalid.
        columns: the columns to show besides the name.
        errors: the message for each invalid parameter.
    """

    _args: "MultiDict[str, str]"
    params: LeadListParams | None
    columns: tuple[str, ...]
    errors: Mapping[str, str] = field(factory=dict)

    @classmethod
    def read(
        cls,
        args: "MultiDict[str, str]",
        zone: tzinfo,
        parse_search: Callable[[str], Search],
        actor: Actor,
        other_errors: Mapping[str, str] | None = None,
    ) -> "LeadListView":
        """Parse the parameters of a URL.

        Args:
            args: the URL's parameters.
            zone: the business's time zone, in which days begin.
            parse_search: of ``FindLeads``.
            actor: the caller, whom ``me`` means as the owner.
            other_errors: the messages for parameters beside those of the list.
        """
        own = MultiDict([(name, value) for name, value in args.items(multi=True) if name == _COLUMNS])
        others = MultiDict([item for item in args.items(multi=True) if item[0] != _COLUMNS])
        shown, column_errors = read_page_params(_ColumnParams, own)
        params, errors = read_page_params(
            LeadListParams, others, zone=zone, parse_search=parse_search, actor=actor
        )
        columns = tuple(column for column in COLUMNS if shown and column in shown.columns)
        all_errors = {**column_errors, **errors, **(other_errors or {})}
        return cls(args, None if all_errors else params, columns or DEFAULT_COLUMNS, all_errors)

    @property
    def sort(self) -> Sort | TextSort:
        """The order that was asked for."""
        return Sort.LATEST_CREATED if self.params is None else self.params.sort

    def lead_filter(self, due: Due) -> LeadFilter:
        """Return the conditions for leads.

        Unlike the API, the page shows repeat enquiries that wait for an answer; a search finds all of them,
        and so does a filter for due follow-ups, which must be done whatever the lead is.

        Args:
            due: returns the time range in which follow-ups of a status are due.

        Raises:
            ValueError: a parameter is invalid.
        """
        if self.params is None:
            raise ValueError("The list has invalid parameters.")
        finds_all = self.params.search is not None or self.params.follow_up in _DUE
        default = Duplicates.INCLUDE if finds_all else Duplicates.OPEN
        return self.params.lead_filter(due, default)

    @property
    def is_filtered(self) -> bool:
        """True if a filter is set."""
        return any(name not in _DISPLAY_PARAMS for name, _ in self._active_params())

    @property
    def is_detailed(self) -> bool:
        """True if a parameter is set that only the collapsed part of the form shows.

        The header of a column shows that it sorts the list, so that a click on it does not open the form.
        """
        shown = _BASIC_PARAMS | ({"sort"} if self.sort.key in {"name", *self.columns} else set())
        return any(name not in shown for name, _ in self._active_params())

    @property
    def first_page(self) -> str:
        """The query string of the first page of this list."""
        return self.with_changes(cursor=None)

    def is_at(self, query: str) -> bool:
        """Return True if a query string shows the same leads as this list, from its first page on."""
        return sorted(parse_qsl(query)) == sorted(parse_qsl(self.first_page))

    def with_changes(self, **changes: str | None) -> str:
        """Return the query string with some parameters replaced, or removed if their value is None."""
        kept = [(name, value) for name, value in self._active_params() if name not in changes]
        changed = [(name, value) for name, value in changes.items() if value is not None]
        return urlencode(kept + changed) or EVERYONE

    def _active_params(self) -> list[tuple[str, str]]:
        """Return the parameters that differ from the defaults."""
        defaults = {_COLUMNS} if self.columns == DEFAULT_COLUMNS else set()
        return [item for item in self._args.items(multi=True) if item[1] and item[0] not in defaults]


def _read_column(text: str) -> str:
    if text not in COLUMNS:
        raise InvalidValue("unknown-choice", choices=", ".join(COLUMNS))
    return text


class _ColumnParams(QueryParams):
    columns: list[Annotated[str, parsed_by(_read_column, enum=list(COLUMNS))]] = Field(
        [], description="The columns to show."
    )
