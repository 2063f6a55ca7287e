"""What the list of leads was asked for, all of which is in its address."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from attrs import field, frozen
from werkzeug.datastructures import MultiDict

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.leads.lead_query import Sort
from leadtracker.entrypoints.http.requests.list_params import Due, LeadListParams, read_lead_list_params
from leadtracker.entrypoints.http.requests.query import QueryParser, one_of

Value = TypeVar("Value")
_COLUMNS = "columns"


class Column(StrEnum):
    """What the list can show of a lead besides its name."""

    STATE = "state"
    EMAIL = "email"
    PHONE = "phone"
    SOURCE = "source"
    RESUME = "resume"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    FOLLOW_UP_AT = "follow_up_at"


DEFAULT_COLUMNS = tuple(column for column in Column if column not in {Column.RESUME, Column.UPDATED_AT})
_DISPLAY_PARAMS = {"sort", "limit", "cursor", _COLUMNS}
_BASIC_PARAMS = {"q", "state", "cursor"}


@frozen
class LeadListView:
    """An address of the list, read.

    Attributes:
        params: what it asks for; None if something in it is wrong.
        columns: what is to be shown.
        errors: what is wrong, by parameter.
    """

    _args: "MultiDict[str, str]"
    params: LeadListParams | None
    columns: tuple[Column, ...]
    errors: Mapping[str, str] = field(factory=dict)

    @classmethod
    def read(cls, args: "MultiDict[str, str]", zone: tzinfo, due: Due) -> "LeadListView":
        """Read the parameters of an address."""
        own = MultiDict([(name, value) for name, value in args.items(multi=True) if name == _COLUMNS])
        others = MultiDict([(name, value) for name, value in args.items(multi=True) if name != _COLUMNS])
        errors: dict[str, str] = {}
        columns = _or_errors(lambda: _read_columns(own), errors)
        params = _or_errors(lambda: read_lead_list_params(others, zone, due), errors)
        return cls(args, params, columns or DEFAULT_COLUMNS, errors)

    @property
    def sort(self) -> Sort:
        """The order."""
        return Sort.LATEST_CREATED if self.params is None else self.params.sort

    @property
    def is_filtered(self) -> bool:
        """Whether only some leads are asked for."""
        return any(name not in _DISPLAY_PARAMS for name, _ in self._active_params())

    @property
    def is_detailed(self) -> bool:
        """Whether more is asked for than what is always in sight shows."""
        return any(name not in _BASIC_PARAMS for name, _ in self._active_params())

    @property
    def first_page(self) -> str:
        """The query of the first page."""
        return self.with_changes(cursor=None)

    def with_changes(self, **changes: str | None) -> str:
        """The query with other values; None leaves one out."""
        kept = [(name, value) for name, value in self._active_params() if name not in changes]
        return urlencode(kept + [(name, value) for name, value in changes.items() if value is not None])

    def _active_params(self) -> list[tuple[str, str]]:
        """The parameters that say something: not empty, nor what goes without saying."""
        silent = {_COLUMNS} if self.columns == DEFAULT_COLUMNS else set()
        return [item for item in self._args.items(multi=True) if item[1] and item[0] not in silent]


def _read_columns(args: "MultiDict[str, str]") -> tuple[Column, ...]:
    parser = QueryParser(args)
    columns = parser.many(_COLUMNS, one_of(Column))
    parser.raise_if_errors()
    return tuple(column for column in Column if column in columns)


def _or_errors(read: Callable[[], Value], errors: dict[str, str]) -> Value | None:
    try:
        return read()
    except InvalidInput as error:
        errors.update({one.field: one.message for one in error.errors})
        return None
