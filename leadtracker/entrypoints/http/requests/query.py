"""Reading query parameters: each typed, each at most once, none unknown, all complaints at once."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar

from attrs import field, frozen
from werkzeug.datastructures import MultiDict

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.domain.model.leads.lead_query import MAX_PAGE_SIZE
from leadtracker.domain.model.timestamps import parse_timestamp, start_of_day

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_SPACE_FOR_PLUS = re.compile(r" (?=\d\d:\d\d$)")


@frozen
class QueryParser:
    """Takes parameters out of a query and remembers what is wrong with each."""

    _args: "MultiDict[str, str]"
    _known: set[str] = field(factory=set, init=False)
    _errors: list[FieldError] = field(factory=list, init=False)

    def one(self, name: str, parse: Callable[[str], Value]) -> Value | None:
        """The value of a parameter that may be given once; None if it is missing, empty or wrong."""
        values = self._values(name)
        if not values:
            return None
        if len(values) > 1:
            self._errors.append(FieldError(name, "must be given only once"))
            return None
        return next(iter(self._parsed(name, values, parse)), None)

    def many(self, name: str, parse: Callable[[str], Value]) -> list[Value]:
        """The values of a parameter that may be repeated."""
        return self._parsed(name, self._values(name), parse)

    def raise_if_errors(self) -> None:
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
    """Reads a parameter that has one of a few values; its ValueError is for the person who sent it."""

    def read(text: str) -> Choice:
        try:
            return choices(text)
        except ValueError:
            message = f"must be one of {', '.join(choices)}"
            raise ValueError(message) from None

    return read


def range_start(zone: tzinfo) -> Callable[[str], datetime]:
    """Reads where a span begins: at a time, or with a day of ``zone``."""
    return lambda text: _timestamp(text, zone, days_after=0)


def range_end(zone: tzinfo) -> Callable[[str], datetime]:
    """Reads where a span ends: before a time, or with the whole of a day of ``zone``."""
    return lambda text: _timestamp(text, zone, days_after=1)


def read_limit(text: str) -> int:
    """How many things a page may have.

    Raises:
        ValueError: with a message for the person who sent it.
    """
    if not (_WHOLE_NUMBER.fullmatch(text) and 1 <= int(text) <= MAX_PAGE_SIZE):
        message = f"must be a whole number from 1 to {MAX_PAGE_SIZE}"
        raise ValueError(message)
    return int(text)


def _timestamp(text: str, zone: tzinfo, *, days_after: int) -> datetime:
    try:
        if _DAY.fullmatch(text):
            return start_of_day(date.fromisoformat(text) + timedelta(days=days_after), zone)
        # A plus that was not escaped arrives as a space.
        return parse_timestamp(_SPACE_FOR_PLUS.sub("+", text))
    except (ValueError, OverflowError):
        message = "must be a day, such as 2026-11-16, or a time with its offset, such as 2026-11-16T09:30:00Z"
        raise ValueError(message) from None
