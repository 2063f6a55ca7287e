"""Recognise the fields of forms whose inputs have numbers or unknown parts in their names.

WordPress plugins send ``wpforms[fields][3]``, ``input_2`` or ``email-1``, frameworks ``contact_form[email]``
and others ``customer_email``. Only a submission that would otherwise lack a name or an address is read in
this way, so that no named input ever gets another meaning; and a value decides only if exactly one input has
such a value.
"""

import re
from collections.abc import Iterable, Mapping

from leadtracker.domain.model.leads.inputs.described_inputs import Pair
from leadtracker.domain.model.leads.inputs.field_names import (
    FULL_NAME,
    MAX_INPUT_NAME_LENGTH,
    field_named,
)
from leadtracker.domain.model.values.email_address import MAX_WRAPPED_LENGTH, EmailAddress
from leadtracker.domain.model.values.phone import MAX_PHONE_LENGTH, decimal_digits

Found = list[tuple[str, str, object]]
"""A field, the name of the input that means it, and the value."""

_TECHNICAL = frozenset(
    [
        *("element", "elements", "entry", "f", "field", "fields", "fld", "form", "input", "inputs", "item"),
        *("items", "meta", "nf", "number", "q", "question", "text", "wpforms"),
        *("email", "mail", "phone", "tel"),
    ]
)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBERED = re.compile(r"(.*?[^\W\d])[\s_.-]*\d{1,4}")
_IN_BRACKETS = re.compile(r"[^\[\]]+(?:\[[^\[\]]*\])*?\[([^\[\]]+)\](?:\[\])?")
_OF_SENDER = re.compile(
    r"(?:absender|applicant|client|contact|customer|from|guest|kontakt|kunden?|lead|person|sender|user|visitor)"
    r"[\s_-]*(?=\w)",
    re.IGNORECASE,
)
_RECOGNISED = frozenset([FULL_NAME, "first_name", "last_name", "email", "phone", "message"])
_PART_OF_NAME = re.compile(
    r"wpforms\[fields\]\[\d{1,4}\]\[(first|last)\]|name-\d{1,4}-(first|last)-name", re.ASCII
)
_GRAVITY = re.compile(r"(?:input_)?(\d{1,4})[._]([1-8])", re.ASCII)
_GRAVITY_NAMES = {"3": "first_name", "6": "last_name"}
_ONLY_OF_ADDRESSES = frozenset({"1", "5"})
_PHONE = re.compile(r"[+(0][\d\s()/.-]+")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_MIN_DIGITS, _MAX_DIGITS = 7, 15


def is_complete(fields: Mapping[str, object]) -> bool:
    """Return True if a name, and an e-mail address or a phone number are given."""
    has_name = fields.get("first_name") or fields.get("last_name")
    return bool(has_name and (fields.get("email") or fields.get("phone")))


def recognise(others: Iterable[Pair]) -> tuple[Found, list[Pair]]:
    """Divide inputs into those that mean a field after all, and the others."""
    inputs = list(others)
    names = _parts_of_names(inputs)
    found: Found = []
    rest: list[Pair] = []
    for name, value in inputs:
        field = names.get(name) or _field_of_part(name)
        if field and isinstance(value, str) and value.strip():
            found.append((field, name, value))
        else:
            rest.append((name, value))
    known = {field for field, *_ in found}
    for field, key in (("email", _address), ("phone", _number)):
        keys = [key(value) if isinstance(value, str) and _is_technical(name) else "" for name, value in rest]
        if field not in known and len(set(filter(None, keys))) == 1:
            first = next(index for index, one in enumerate(keys) if one)
            found.append((field, *rest.pop(first)))  # a confirmation of it remains
    return found, rest


def _parts_of_names(inputs: Iterable[Pair]) -> dict[str, str]:
    """Return the fields of the inputs that are parts of a name in WPForms, Forminator or Gravity Forms.

    The parts of an address have the same numbers in Gravity Forms, and some more.
    """
    parts: dict[str, str] = {}
    groups: dict[str, dict[str, str]] = {}
    for name, _ in inputs:
        if (match := _PART_OF_NAME.fullmatch(name)) is not None:
            parts[name] = f"{match[1] or match[2]}_name"
        elif (match := _GRAVITY.fullmatch(name)) is not None:
            groups.setdefault(match[1], {})[match[2]] = name
    for group in groups.values():
        if not _ONLY_OF_ADDRESSES & group.keys():
            parts |= {group[part]: field for part, field in _GRAVITY_NAMES.items() if part in group}
    return parts


def _field_of_part(name: str) -> str | None:
    """Return the field of ``email-1``, ``names[first_name]`` or ``customer_email``; None if it means none."""
    short = name[:MAX_INPUT_NAME_LENGTH]
    inner = _IN_BRACKETS.fullmatch(short) or _NUMBERED.fullmatch(short)
    bare = inner[1] if inner else short
    field = field_named(bare) or field_named(
        _OF_SENDER.sub("", bare, count=1) if _OF_SENDER.match(bare) else ""
    )
    return field if field in _RECOGNISED else None


def _is_technical(name: str) -> bool:
    return _TECHNICAL.issuperset(_WORD.findall(name[:MAX_INPUT_NAME_LENGTH].lower()))


def _address(text: str) -> str:
    """Return the key of a text that is one e-mail address, else nothing."""
    if "@" not in text or len(text) > MAX_WRAPPED_LENGTH:
        return ""
    try:
        return EmailAddress.extract(text).key
    except ValueError:
        return ""


def _number(text: str) -> str:
    """Return the digits of a text that is one phone number in the usual spelling, else nothing."""
    text = text.strip()
    if len(text) > MAX_PHONE_LENGTH or not _PHONE.fullmatch(text) or _DATE.fullmatch(text):
        return ""
    digits = decimal_digits(text)
    return digits if _MIN_DIGITS <= len(digits) <= _MAX_DIGITS else ""
