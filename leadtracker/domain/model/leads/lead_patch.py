"""Lead patches: validated changes of a lead."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from attrs import evolve, frozen

from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.account import MAX_ACCOUNT_NAME_LENGTH
from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, ToE164, read_field
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import MAX_WORD_LENGTH, FieldParser, field_error

_READ_ONLY = (
    "answers",
    "attachments",
    "contacted_at",
    "created_at",
    "enquiries",
    "follow_up_at",
    "hold",
    "id",
    "language",
    "last_touch",
    "resume",
    "updated_at",
    "version",
)


@frozen
class LeadPatch:
    """New values for some fields of a lead; absent fields keep their values."""

    values: Mapping[str, object]

    @classmethod
    def read(cls, raw: Mapping[str, object], to_e164: ToE164) -> "LeadPatch":
        """Validate raw changes.

        Args:
            raw: new values by field: any of ``LEAD_FIELDS``, ``state`` (or ``status``), ``owner`` and
                ``duplicate_of``.
            to_e164: recognises phone numbers.

        Raises:
            InvalidInput: with an error for every invalid, unknown or read-only field.
        """
        if "status" in raw and "state" not in raw:
            raw = {"state" if name == "status" else name: value for name, value in raw.items()}
        parser = FieldParser(raw)
        values = {name: _read(name, parser, to_e164) for name in raw}
        parser.raise_if_errors()
        return cls(MappingProxyType(values))

    @property
    def owner(self) -> str | None:
        """The name of the new owner; None if there is none."""
        owner = self.values.get("owner")
        return None if owner is None else str(owner)

    def apply(self, lead: Lead, now: datetime) -> Lead:
        """Return the lead with the new values.

        Raises:
            InvalidInput: neither an e-mail address nor a phone number would be left.
            IllegalTransition: the new state cannot follow the current state.
        """
        values = dict(self.values)
        state = values.pop("state", lead.state)
        changed = evolve(lead, **values)  # type: ignore[arg-type]  # each value was read for its field
        if changed.email is None and changed.phone is None:
            raise InvalidInput([field_error("email", InvalidValue("no-contact"))])
        return changed.with_state(LeadState(str(state)), now)


def _read(name: str, parser: FieldParser, to_e164: ToE164) -> object:
    if name in FIELDS_BY_NAME:
        return read_field(FIELDS_BY_NAME[name], parser, to_e164, is_required=FIELDS_BY_NAME[name].is_required)
    if name == "state":
        return parser.parsed(name, parser.required(name, limit=MAX_WORD_LENGTH), LeadState.parse)
    if name == "owner":
        return parser.optional(name, limit=MAX_ACCOUNT_NAME_LENGTH)
    if name == "duplicate_of":
        return parser.optional(name, limit=MAX_WORD_LENGTH)
    parser.add_error(name, "is read-only" if name in _READ_ONLY else "is not a field of a lead")
    return None
