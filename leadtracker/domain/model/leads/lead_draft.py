"""The lead before it is a lead: input that has passed every rule."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar, cast

from attrs import frozen

from leadtracker.domain.model.email_address import MAX_EMAIL_LENGTH, EmailAddress
from leadtracker.domain.model.field_parser import MAX_WORD_LENGTH, FieldParser
from leadtracker.domain.model.intake.resume import ResumeFile
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.phone import MAX_PHONE_LENGTH, normalise_phone
from leadtracker.domain.model.timestamps import parse_timestamp

MAX_NAME_LENGTH = 100
MAX_MESSAGE_LENGTH = 5_000
MAX_SOURCE_LENGTH = 200
_FIRST_YEAR, _LAST_YEAR = 1900, 2999  # beyond them lie slips of the pen, and weeks that no calendar has

Value = TypeVar("Value")
DRAFT_FIELDS = ("first_name", "last_name", "email", "phone", "message", "source", "resume")
"""What a sender may say; nothing else of a request has an effect."""

ToE164 = Callable[[str], str | None]


@frozen(kw_only=True)
class LeadDraft:
    """What a sender may say about themselves, checked.

    ``state`` and ``created_at`` are taken only from an import, where they were decided elsewhere before; a
    resume comes only from its owner.
    """

    first_name: str
    last_name: str
    email: EmailAddress
    phone: str | None = None
    message: str | None = None
    source: str | None = None
    file: ResumeFile | None = None
    state: LeadState | None = None
    created_at: datetime | None = None

    @classmethod
    def read(cls, raw: Mapping[str, object], to_e164: ToE164, *, from_import: bool = False) -> "LeadDraft":
        """Check raw fields; those that are not listed here have no effect.

        Args:
            raw: what a prospect, a client or a file says.
            to_e164: recognises phone numbers.
            from_import: whether ``state`` and ``created_at`` count, too, and ``resume`` does not.

        Raises:
            InvalidInput: naming every bad field.
        """
        parser = FieldParser(raw)
        first_name = parser.required("first_name", limit=MAX_NAME_LENGTH)
        last_name = parser.required("last_name", limit=MAX_NAME_LENGTH)
        email_text = parser.required("email", limit=MAX_EMAIL_LENGTH)
        phone_text = parser.optional("phone", limit=MAX_PHONE_LENGTH)
        draft = cls(
            first_name=first_name,
            last_name=last_name,
            email=cast("EmailAddress", parser.parsed("email", email_text, EmailAddress.parse)),
            phone=parser.parsed("phone", phone_text, lambda text: normalise_phone(text, to_e164)),
            message=parser.optional("message", limit=MAX_MESSAGE_LENGTH, multiline=True),
            source=parser.optional("source", limit=MAX_SOURCE_LENGTH),
            file=None if from_import else parser.value("resume", ResumeFile.read),
            state=_word(parser, "state", LeadState.parse) if from_import else None,
            created_at=_word(parser, "created_at", _parse_created) if from_import else None,
        )
        parser.raise_if_errors()  # from here on the cast above is true: a missing address has raised
        return draft

    def to_lead(self, lead_id: str, now: datetime) -> Lead:
        """The lead this draft becomes when it is stored at ``now``."""
        created_at = self.created_at or now
        return Lead(
            id=lead_id,
            first_name=self.first_name,
            last_name=self.last_name,
            email=self.email,
            phone=self.phone,
            message=self.message,
            source=self.source,
            resume=self.file.resume if self.file else None,
            state=self.state or LeadState.PENDING,
            created_at=created_at,
            updated_at=created_at,
        )


def _parse_created(text: str) -> datetime:
    created_at = parse_timestamp(text)
    if not _FIRST_YEAR <= created_at.year <= _LAST_YEAR:
        message = f"must lie between the years {_FIRST_YEAR} and {_LAST_YEAR}"
        raise ValueError(message)
    return created_at


def _word(parser: FieldParser, name: str, parse: Callable[[str], Value]) -> Value | None:
    return parser.parsed(name, parser.optional(name, limit=MAX_WORD_LENGTH), parse)
