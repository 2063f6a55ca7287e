"""Errors that every noun has: invalid input, what does not exist, what contradicts the store."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from attrs import field as attribute
from attrs import frozen


@frozen
class FieldError:
    """One invalid input field.

    Attributes:
        message: an English phrase for API clients, which follows the name of the field.
        code: the kind of the error, by which pages choose their sentence.
        data: the values that this sentence names.
    """

    field: str
    message: str
    code: str = attribute(default="invalid", eq=False)
    data: Mapping[str, object] = attribute(factory=dict, eq=False)


class LeadTrackerError(Exception):
    """The base of all expected errors; any other exception is a bug."""

    code: ClassVar[str] = "error"


class InvalidInput(LeadTrackerError):
    """Input is invalid; ``errors`` has an entry for every invalid field."""

    code = "invalid-input"

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in self.errors))

    @classmethod
    def of(cls, field: str, message: str) -> "InvalidInput":
        """Return an error about a single field."""
        return cls([FieldError(field, message)])


class NotFound(LeadTrackerError):
    """No ``kind`` of record has the id or name ``name``."""

    code = "not-found"
    kind: str = "thing"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"there is no {self.kind} {name}")


class Conflict(LeadTrackerError):
    """The request contradicts what is stored."""

    code = "conflict"
