"""Reading query parameters: each typed, each at most once, none unknown, all complaints at once."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar

from attrs import field, frozen
from werkzeug.datastructures import MultiDict

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.domain.model.email_address import MAX_EMAIL_LENGTH, EmailAddress
from leadtracker.domain.model.fields import clean_text
from leadtracker.domain.model.instant import format_instant, parse_instant, start_of_day
from leadtracker.domain.model.lead import LeadState
from leadtracker.domain.model.lead_draft import MAX_SOURCE_LENGTH
from leadtracker.domain.model.lead_query import (
    DEFAULT_PAGE_SIZE,
    MAX_PAGE_SIZE,
    Cursor,
    Duplicates,
    LeadFilter,
)

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_SPACE_FOR_PLUS = re.compile(r" (?=\d\d:\d\d$)")
_LEAD_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")


@frozen
class LeadListing:
    """What ``GET /leads`` was asked for."""

    wanted: LeadFilter
    limit: int
    after: Cursor | None


def read_listing(args: "MultiDict[str, str]", zone: tzinfo) -> LeadListing:
    """Read the query of a listing; days are those of ``zone``.

    Raises:
        InvalidInput: naming every bad parameter.
    """
    reader = QueryReader(args)
    listing = LeadListing(
        LeadFilter(
            created_from=reader.one("created_from", lambda text: _instant(text, zone, days_after=0)),
            created_to=reader.one("created_to", lambda text: _instant(text, zone, days_after=1)),
            states=frozenset(reader.many("state", LeadState.parse)),
            email_key=reader.one("email", _email_key),
            source=reader.one("source", lambda text: clean_text(text, limit=MAX_SOURCE_LENGTH)),
            duplicates=reader.one("duplicates", one_of(Duplicates)) or Duplicates.EXCLUDE,
        ),
        limit=reader.one("limit", _limit) or DEFAULT_PAGE_SIZE,
        after=reader.one("cursor", read_cursor),
    )
    reader.finish()
    return listing


def write_cursor(cursor: Cursor) -> str:
    """A cursor as text that is safe in a URL and means nothing to its reader."""
    plain = f"{format_instant(cursor.created_at)} {cursor.lead_id}"
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """The cursor that ``write_cursor`` wrote.

    Raises:
        ValueError: with a message for the person who sent it.
    """
    try:
        plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        instant, _, lead_id = plain.partition(" ")
        if not _LEAD_ID.fullmatch(lead_id):
            raise ValueError
        return Cursor(parse_instant(instant), lead_id)
    except ValueError:
        message = "must be the cursor of an earlier answer's next link"
        raise ValueError(message) from None


@frozen
class QueryReader:
    """Takes parameters out of a query and remembers what is wrong with each."""

    _args: "MultiDict[str, str]"
    _known: set[str] = field(factory=set, init=False)
    _errors: list[FieldError] = field(factory=list, init=False)

    def one(self, name: str, parse: Callable[[str], Value]) -> Value | None:
        """The value of a parameter that may be given once; None if it is missing, empty or wrong."""
        values = self._values(name)
        if len(values) > 1:
            self._errors.append(FieldError(name, "must be given only once"))
            return None
        return next(iter(self._parsed(name, values, parse)), None)

    def many(self, name: str, parse: Callable[[str], Value]) -> list[Value]:
        """The values of a parameter that may be repeated."""
        return self._parsed(name, self._values(name), parse)

    def finish(self) -> None:
        """Call when every parameter was read; an unknown one is more likely a slip than meant to do nothing.

        Raises:
            InvalidInput: if anything was wrong, naming every bad parameter.
        """
        unknown = (name for name in self._args if name not in self._known)
        self._errors.extend(FieldError(name, "is not a parameter here") for name in unknown)
        if self._errors:
            raise InvalidInput(self._errors)

    def _values(self, name: str) -> list[str]:
        self._known.add(name)
        return [value for value in self._args.getlist(name) if value]

    def _parsed(self, name: str, values: Collection[str], parse: Callable[[str], Value]) -> list[Value]:
        try:
            return [parse(value) for value in values]
        except ValueError as error:
            self._errors.append(FieldError(name, str(error)))
            return []


def read_flag(text: str) -> bool:
    """A yes-or-no parameter.

    Raises:
        ValueError: with a message for the person who sent it.
    """
    if text not in {"true", "false"}:
        message = "must be true or false"
        raise ValueError(message)
    return text == "true"


def one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    """How to read a parameter that is one of some words; raises ValueError as above."""

    def read(text: str) -> Choice:
        if text not in set(choices):
            message = f"must be one of {', '.join(choices)}"
            raise ValueError(message)
        return choices(text)

    return read


def _instant(text: str, zone: tzinfo, *, days_after: int) -> datetime:
    try:
        if _DAY.fullmatch(text):
            return start_of_day(date.fromisoformat(text) + timedelta(days=days_after), zone)
        # A plus that was not escaped arrives as a space.
        return parse_instant(_SPACE_FOR_PLUS.sub("+", text))
    except (ValueError, OverflowError):
        message = "must be a day, such as 2026-11-16, or a time with its offset, such as 2026-11-16T09:30:00Z"
        raise ValueError(message) from None


def _email_key(text: str) -> str:
    return EmailAddress.parse(clean_text(text, limit=MAX_EMAIL_LENGTH)).key


def _limit(text: str) -> int:
    if not (_WHOLE_NUMBER.fullmatch(text) and 1 <= int(text) <= MAX_PAGE_SIZE):
        message = f"must be a whole number from 1 to {MAX_PAGE_SIZE}"
        raise ValueError(message)
    return int(text)
