"""Recognise the fields of forms whose inputs have numbers or unknown parts in their names.

WordPress plugins send ``wpforms[fields][3]``, ``input_2`` or ``email-1``, frameworks ``contact_form[email]``
or ``ctl00$main$txtEmail``, and others ``customer_email`` or a question. Only a submission that would
otherwise lack a name or an address is read in this way, so that no named input ever gets another meaning; and
a value decides only if exactly one input has such a value.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from leadtracker.domain.model.leads.inputs.field_aliases import FULL_NAME
from leadtracker.domain.model.leads.inputs.field_names import MAX_INPUT_NAME_LENGTH, Pair, field_named
from leadtracker.domain.model.values.email_address import MAX_WRAPPED_LENGTH, EmailAddress
from leadtracker.domain.model.values.phone import MAX_PHONE_LENGTH, decimal_digits

Found = list[tuple[str, str, object]]
"""A field, the name of the input that means it, and the value."""

_TECHNICAL = frozenset(
    [
        *("element", "elements", "entry", "f", "field", "fields", "fld", "form", "input", "inputs", "item"),
        *("items", "meta", "nf", "number", "q", "question", "text", "wpforms"),
        *("column", "contact", "contacto", "details", "from", "info", "kontakt", "line", "sender", "textbox"),
        *("responder", "respondent", "email", "mail", "phone", "sms", "tel", "whatsapp"),
    ]
)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBERED = re.compile(r"(.*?[^\W\d])[\s_.-]*\d{1,4}")
_IN_BRACKETS = re.compile(r"[^\[\]]+(?:\[[^\[\]]*\])*?\[([^\[\]]+)\](?:\[\])?")
_BEHIND_DOLLAR = re.compile(r"\w+\$(?:.*\$)?(\w+)", re.ASCII)  # of ASP.NET
_QUESTION = re.compile(
    r".*\b(?:your|ihre?|deine?|votre|sua?|tua?|suo|tuo|seu|teu|uw|je|jouw)\s+(\S.*)", re.IGNORECASE
)
# Words before the name of a field: for the sender, and of form builders and automations.
_WORDS_BEFORE = re.compile(
    r"(?:et_pb_contact|absender|applicant|attendee|billing|booker|client|contact|customer|from|guest|invitee|"
    r"kontakt|kunden?|lead|person|requester|sender|submitter|subscriber|user|visitor|"
    r"fl|g\d{1,3}|inp|input|listing|mf|tb|txt|(?P<form>data|fields?|fld|form|formular|frm|payload|submission))"
    r"[\s_.:/-]*(?=\w)",
    re.IGNORECASE,
)
_BETWEEN_LANGUAGES = re.compile("[/|]")
_MAX_WORDS_BEFORE = 4
_MAX_INPUTS = 300  # no form has more, and as many as anyone may send would take long
_PARTS = {"first": "first_name", "last": "last_name"}
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


def recognise(others: Sequence[Pair]) -> tuple[Found, list[Pair]]:
    """Divide inputs into those that mean a field after all, and the others; the first ones are looked at."""
    inputs, beyond = others[:_MAX_INPUTS], others[_MAX_INPUTS:]
    names = _parts_of_names(inputs)
    found: Found = []
    rest: list[Pair] = []
    for name, value in inputs:
        field = names.get(name) or field_of_part(name)
        if field and isinstance(value, str) and value.strip():
            found.append((field, name, value))
        else:
            rest.append((name, value))
    known = {field for field, *_ in found}
    for field, key in (("email", _address), ("phone", _number)):
        keys = [key(value) if isinstance(value, str) and _is_technical(name) else "" for name, value in rest]
        if field not in known and len(set(filter(None, keys))) == 1:
            same = [index for index, one in enumerate(keys) if one]
            # “Jane Roe <jane@…>” has the name, too; a confirmation of the address remains.
            best = next((index for index in same if "<" in str(rest[index][1])), same[0])
            found.append((field, *rest.pop(best)))
    return found, [*rest, *beyond]


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


def field_of_part(name: str) -> str | None:
    """Return the field of ``email-1``, ``names[first_name]``, ``customer_email`` or a question; else None."""
    short = name[:MAX_INPUT_NAME_LENGTH]
    inner = _IN_BRACKETS.fullmatch(short) or _BEHIND_DOLLAR.fullmatch(short)
    bare = inner[1] if inner else short
    if inner and bare.lower() in _PARTS:
        return _PARTS[bare.lower()]
    number = _NUMBERED.fullmatch(bare)
    field = _field_behind_words(number[1] if number else bare)
    if field is None and (question := _QUESTION.fullmatch(bare)):
        field = field_named(question[1])
    field = field or _field_in_languages(bare)
    return field if field in _RECOGNISED else None


def _field_in_languages(name: str) -> str | None:
    """Return the field that a name such as “E-mail / Courriel” has in each of its languages; else None."""
    fields = {field_named(part.strip()) for part in _BETWEEN_LANGUAGES.split(name)}
    if fields == {FULL_NAME, "last_name"}:  # of “Name / Nom”
        return FULL_NAME
    return fields.pop() if len(fields) == 1 else None


def _field_behind_words(name: str) -> str | None:
    """Return the field that a name means without the words before it; “form name” is no name of a person."""
    is_of_form = False
    for _ in range(_MAX_WORDS_BEFORE + 1):
        if field := field_named(name):
            return None if is_of_form and field == FULL_NAME else field
        if (match := _WORDS_BEFORE.match(name)) is None:
            break
        is_of_form = is_of_form or match["form"] is not None
        name = name[match.end() :]
    return None


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
