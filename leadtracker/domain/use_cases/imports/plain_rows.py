"""Rows that need no cleaning, as almost all rows of a file: read in a third of the time.

Their texts are printable ASCII, within their limits, and all of them are fields of a lead. What is not so, or
is invalid, is left to ``LeadDraft.read``, which gives the same draft and has the reasons.
"""

from collections.abc import Mapping
from typing import Any

from leadtracker.domain.model.leads.fields import FIELDS_BY_NAME, LEAD_FIELDS, FieldKind, ToE164
from leadtracker.domain.model.leads.inputs.inputs import NO_INPUTS
from leadtracker.domain.model.leads.lead_draft import LeadDraft, parse_created
from leadtracker.domain.model.leads.lifecycle import LeadState
from leadtracker.domain.model.values.email_address import MAX_EMAIL_LENGTH, EmailAddress
from leadtracker.domain.model.values.field_parser import MAX_WORD_LENGTH, plain_texts
from leadtracker.domain.model.values.phone import MAX_PHONE_LENGTH, normalise_phone, numbers_in

_MAX_LENGTHS = {
    **{
        field.name: field.max_length
        for field in LEAD_FIELDS
        if field.kind in {FieldKind.LINE, FieldKind.MULTILINE} and not field.is_touch
    },
    "email": MAX_EMAIL_LENGTH,
    "phone": MAX_PHONE_LENGTH,
    "state": MAX_WORD_LENGTH,
    "created_at": MAX_WORD_LENGTH,
}
_OWNER = "owner"
_NO_VALUES = dict.fromkeys(FIELDS_BY_NAME)


def plain_draft(fields: Mapping[str, Any], to_e164: ToE164) -> LeadDraft | None:
    """Return the draft of a valid row that needs no cleaning; None for any other row.

    Args:
        fields: the unvalidated values by name.
        to_e164: recognises phone numbers.
    """
    if not plain_texts(fields):
        return None
    given: dict[str, Any] = _NO_VALUES.copy()
    for name, text in fields.items():
        if name != _OWNER:  # which is no part of a draft
            if len(text) > _MAX_LENGTHS.get(name, -1):
                return None
            given[name] = text.strip() or None
    return _draft(given, to_e164)


def _draft(given: dict[str, Any], to_e164: ToE164) -> LeadDraft | None:
    email, phone = given["email"], given["phone"]
    state, created_at = given.pop("state", None), given.pop("created_at", None)
    if not given["first_name"] or not (email or phone):
        return None
    try:
        if email:
            given["email"] = EmailAddress.extract(email)
        if phone:
            if len(numbers_in(phone)) > 1:
                return None
            given["phone"] = normalise_phone(phone, to_e164)
        return LeadDraft(
            values=given,
            inputs=NO_INPUTS,
            state=LeadState.parse(state) if state else None,
            created_at=parse_created(created_at) if created_at else None,
        )
    except ValueError:
        return None
