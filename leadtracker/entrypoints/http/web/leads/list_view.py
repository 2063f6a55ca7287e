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
from leadtracker.entrypoints.http.requests.list_params import Due, LeadListing, read_lead_listing
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
_LOOKS = {"sort", "limit", "cursor", _COLUMNS}
_ALWAYS_IN_SIGHT = {"q", "state", "cursor"}


@frozen
class Asked:
    """An address of the list, read.

    Attributes:
        listing: what it asks for; None if something in it is wrong.
        columns: what is to be shown.
        complaints: what is wrong, by parameter.
    """

    _args: "MultiDict[str, str]"
    listing: LeadListing | None
    columns: tuple[Column, ...]
    complaints: Mapping[str, str] = field(factory=dict)

    @classmethod
    def read(cls, args: "MultiDict[str, str]", zone: tzinfo, due: Due) -> "Asked":
        """Read the parameters of an address."""
        own = MultiDict([(name, value) for name, value in args.items(multi=True) if name == _COLUMNS])
        others = MultiDict([(name, value) for name, value in args.items(multi=True) if name != _COLUMNS])
        complaints: dict[str, str] = {}
        columns = _or_complaints(lambda: _read_columns(own), complaints)
        listing = _or_complaints(lambda: read_lead_listing(others, zone, due), complaints)
        return cls(args, listing, columns or DEFAULT_COLUMNS, complaints)

    @property
    def sort(self) -> Sort:
        """The order."""
        return Sort.LATEST_CREATED if self.listing is None else self.listing.sort

    @property
    def is_filtered(self) -> bool:
        """Whether only some leads are asked for."""
        return any(name not in _LOOKS for name, _ in self._given())

    @property
    def is_detailed(self) -> bool:
        """Whether more is asked for than what is always in sight shows."""
        return any(name not in _ALWAYS_IN_SIGHT for name, _ in self._given())

    @property
    def first_page(self) -> str:
        """The query of the first page."""
        return self.with_changes(cursor=None)

    def with_changes(self, **changes: str | None) -> str:
        """The query with other values; None leaves one out."""
        kept = [(name, value) for name, value in self._given() if name not in changes]
        return urlencode(kept + [(name, value) for name, value in changes.items() if value is not None])

    def _given(self) -> list[tuple[str, str]]:
        """The parameters that say something: not empty, nor what goes without saying."""
        silent = {_COLUMNS} if self.columns == DEFAULT_COLUMNS else set()
        return [item for item in self._args.items(multi=True) if item[1] and item[0] not in silent]


def _read_columns(args: "MultiDict[str, str]") -> tuple[Column, ...]:
    parser = QueryParser(args)
    columns = parser.many(_COLUMNS, one_of(Column))
    parser.raise_if_errors()
    return tuple(column for column in Column if column in columns)


def _or_complaints(read: Callable[[], Value], complaints: dict[str, str]) -> Value | None:
    try:
        return read()
    except InvalidInput as error:
        complaints.update({one.field: one.message for one in error.errors})
        return None
