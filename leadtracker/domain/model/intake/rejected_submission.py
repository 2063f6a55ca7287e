"""Rejected submissions: invalid ones of anonymous clients, kept so that users can correct them."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from attrs import field, frozen

from leadtracker.domain.errors import FieldError
from leadtracker.domain.model.intake.quarantined_lead import QuarantinedLead, QuarantineReason
from leadtracker.domain.model.leads.inputs.answers import AnswerCollector, Answers, texts_in
from leadtracker.domain.model.leads.inputs.field_names import MAX_INPUT_NAME_LENGTH, TOKEN_FIELD
from leadtracker.domain.model.leads.inputs.payload_shapes import inputs_in
from leadtracker.domain.model.values.field_parser import readable_text
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.model.values.timestamps import check_utc

MAX_REJECTED = 1_000
"""The maximum number of rejected submissions; the oldest are dropped first."""

MAX_REJECTED_BYTES = 20_000_000
"""The maximum size of all of them."""

MAX_REJECTED_PER_CLIENT = 20
"""The maximum number that is kept from one client address within ``CLIENT_PERIOD``."""

CLIENT_PERIOD = timedelta(days=1)

_MAX_ERRORS, _MAX_ERROR_LENGTH = 50, 500
_NO_DIGITS = re.compile(r"\D+")
_MIN_PHONE_DIGITS = 7


@frozen(kw_only=True)
class RejectedSubmission:
    """A public submission that was rejected.

    Attributes:
        id: of the lead that it becomes when released.
        fields: the inputs as they came, by name and bounded; without files, tokens and passwords.
        errors: why it was rejected.
        digest: recognises the same body again.
        client: identifies the client address for some time, and does not reveal it.
        form_id: the id of the form token that was sent along; None without one.
        request_id: the id of the HTTP request.
    """

    id: str
    received_at: datetime = field(validator=check_utc)
    fields: Answers
    errors: tuple[FieldError, ...]
    digest: str
    client: str
    form_id: str | None = None
    request_id: str | None = None

    @property
    def reason(self) -> QuarantineReason:
        """Why it is in quarantine."""
        return QuarantineReason.INVALID

    @property
    def cursor(self) -> Cursor:
        """The position after this entry in the list of the quarantine."""
        return Cursor(self.received_at, self.id)

    def concerns(self, addresses: Collection[str], phones: Collection[str]) -> bool:
        """Return True if a field holds one of a person's e-mail addresses or phone numbers.

        Args:
            addresses: e-mail addresses, in lower case.
            phones: phone numbers; national and international spellings of a number match.
        """
        texts = [text.lower() for text in texts_in(self.fields)]
        if any(address in text for address in addresses for text in texts):
            return True
        numbers = [_subscriber_number(phone) for phone in phones]
        digits = [_NO_DIGITS.sub("", text) for text in texts]
        return any(
            number in text for number in numbers if len(number) >= _MIN_PHONE_DIGITS for text in digits
        ) or any(_is_end(text, number) for number in numbers for text in digits)


QuarantineEntry = QuarantinedLead | RejectedSubmission


def digest_of(raw: Mapping[str, object]) -> str:
    """Return the digest of a body, by which it is recognised; a new form token makes no other body."""
    kept = {name: value for name, value in raw.items() if name not in {TOKEN_FIELD, "csrf_token"}}
    text = json.dumps(kept, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()


def bounded_fields(raw: Mapping[str, object]) -> Answers:
    """Return the inputs of a submission as texts, within the bounds of answers.

    Those of form builders are taken out of their objects and lists, so that users can correct each of them.
    """
    collector = AnswerCollector()
    names, values, _ = inputs_in(raw)
    for name, value in zip(names, values, strict=True):
        collector.add(name, value)
    return collector.answers


def bounded_errors(errors: Iterable[FieldError]) -> tuple[FieldError, ...]:
    """Return the errors of a submission, without what is beyond the bounds."""
    kept = (
        FieldError(
            readable_text(one.field, MAX_INPUT_NAME_LENGTH),
            readable_text(one.message, _MAX_ERROR_LENGTH),
            one.code,
            {name: readable_text(str(value), _MAX_ERROR_LENGTH) for name, value in one.data.items()},
        )
        for one in errors
    )
    return tuple(one for one, _ in zip(kept, range(_MAX_ERRORS), strict=False))


def _subscriber_number(phone: str) -> str:
    """Return the last digits of a number, which all its spellings share."""
    return _NO_DIGITS.sub("", phone).lstrip("0")


def _is_end(text: str, number: str) -> bool:
    """Return True if the digits of a field are those of the number without its country code."""
    digits = text.lstrip("0")
    return len(digits) >= _MIN_PHONE_DIGITS and number.endswith(digits)
