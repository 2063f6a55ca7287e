"""What somebody wants to be different about a lead."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from attrs import evolve, frozen

from leadtracker.domain.model.email_address import MAX_EMAIL_LENGTH, EmailAddress
from leadtracker.domain.model.field_parser import MAX_WORD_LENGTH, FieldParser
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lead_draft import (
    MAX_MESSAGE_LENGTH,
    MAX_NAME_LENGTH,
    MAX_SOURCE_LENGTH,
    ToE164,
)
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.phone import MAX_PHONE_LENGTH, normalise_phone

_READ_ONLY = ("contacted_at", "created_at", "follow_up_at", "id", "resume", "updated_at", "version")


@frozen
class LeadPatch:
    """New values of a lead's fields, checked; fields that were not given stay as they are."""

    values: Mapping[str, object]

    @classmethod
    def read(cls, raw: Mapping[str, object], to_e164: ToE164) -> "LeadPatch":
        """Check raw fields, of which each must be one that can be changed.

        Raises:
            InvalidInput: naming every bad, unknown and read-only field.
        """
        parser = FieldParser(raw)
        values = {name: _READERS[name](parser, to_e164) for name in raw if name in _READERS}
        for name in raw.keys() - _READERS.keys():
            parser.add_error(name, "is read-only" if name in _READ_ONLY else "is not a field of a lead")
        parser.raise_if_errors()
        return cls(MappingProxyType(values))

    def apply(self, lead: Lead, now: datetime) -> Lead:
        """The lead with the new values, otherwise the same.

        Raises:
            IllegalTransition: the state cannot follow the lead's own.
        """
        values = dict(self.values)
        state = values.pop("state", lead.state)
        changed = evolve(lead, **values)  # type: ignore[arg-type]  # each value was read for its field
        return changed.with_state(LeadState(str(state)), now)


def _email(parser: FieldParser, _to_e164: ToE164) -> EmailAddress | None:
    return parser.parsed("email", parser.required("email", limit=MAX_EMAIL_LENGTH), EmailAddress.parse)


def _phone(parser: FieldParser, to_e164: ToE164) -> str | None:
    text = parser.optional("phone", limit=MAX_PHONE_LENGTH)
    return parser.parsed("phone", text, lambda phone: normalise_phone(phone, to_e164))


def _state(parser: FieldParser, _to_e164: ToE164) -> LeadState | None:
    return parser.parsed("state", parser.required("state", limit=MAX_WORD_LENGTH), LeadState.parse)


_READERS: Mapping[str, Callable[[FieldParser, ToE164], object]] = MappingProxyType(
    {
        "first_name": lambda parser, _: parser.required("first_name", limit=MAX_NAME_LENGTH),
        "last_name": lambda parser, _: parser.required("last_name", limit=MAX_NAME_LENGTH),
        "email": _email,
        "phone": _phone,
        "message": lambda parser, _: parser.optional("message", limit=MAX_MESSAGE_LENGTH, multiline=True),
        "source": lambda parser, _: parser.optional("source", limit=MAX_SOURCE_LENGTH),
        "state": _state,
        "duplicate_of": lambda parser, _: parser.optional("duplicate_of", limit=MAX_WORD_LENGTH),
    }
)
