"""The lead: a person who asked for help."""

from datetime import datetime
from enum import StrEnum

from attrs import evolve, field, frozen

from leadtracker.domain.model.email_address import EmailAddress
from leadtracker.domain.model.instant import check_utc


class LeadState(StrEnum):
    """How far the staff are with a lead."""

    PENDING = "PENDING"
    REACHED_OUT = "REACHED_OUT"
    CONVERTED = "CONVERTED"
    LOST = "LOST"

    @classmethod
    def parse(cls, text: str) -> "LeadState":
        """Read a state by its exact name.

        Raises:
            ValueError: with a message for the person who wrote it.
        """
        if text not in cls.__members__:
            message = f"must be one of {', '.join(cls)}"
            raise ValueError(message)
        return cls(text)


@frozen(kw_only=True)
class Lead:
    """One request for help, kept for good.

    Attributes:
        phone: E.164 where it was recognised, else as typed.
        source: where the lead came from, in the sender's words.
        version: 1 when captured, one more with every change.
        duplicate_of: the id of the first lead with the same e-mail address; None for that first one.
    """

    id: str
    first_name: str
    last_name: str
    email: EmailAddress
    phone: str | None = None
    message: str | None = None
    source: str | None = None
    state: LeadState = LeadState.PENDING
    created_at: datetime = field(validator=check_utc)
    updated_at: datetime = field(validator=check_utc)
    version: int = 1
    duplicate_of: str | None = None

    def as_seen_by_sender(self) -> "Lead":
        """The lead without anything that would tell a public sender that the address was known."""
        return evolve(self, duplicate_of=None)
