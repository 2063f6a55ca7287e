"""Addresses, numbers and messages that systems wrap into objects, or into lists of objects.

Examples are ``{"email": {"address": …}}`` and ``{"phones": [{"number": …}]}``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from leadtracker.domain.model.leads.inputs.field_names import Pair

# The members that hold the text of a field, the best one first; in lower case, without blanks and marks.
_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "email": ("value", "email", "emailaddress", "address"),
    "phone": (
        *("value", "e164", "e164phone", "canonicalform", "international", "full", "fullnumber"),
        *("number", "phonenumber", "phone", "formatted", "raw"),
    ),
    "message": ("value", "text", "content", "body", "message", "plain"),
}
_AREA, _COUNTRY = ("area", "areacode"), ("country", "countrycode")
_WITH_COUNTRY = 3  # parts
_MARKS = str.maketrans("", "", " _-")


def is_wrapped(field: str | None, value: object) -> bool:
    """Return True for an object that holds the text of a field, or a list of such objects."""
    members = _MEMBERS.get(field or "")
    if members is None or not isinstance(value, dict | list) or not value:
        return False
    return all(isinstance(one, dict) and _key_among(one, members) for one in _objects(value))


def unwrapped(name: str, field: str, value: object) -> Iterator[Pair]:
    """Yield the texts of a field, and then what else is beside them.

    Beside a ``value`` is only what describes it.

    Args:
        name: of the input, under which the texts are yielded.
        field: what the name means.
        value: is wrapped, see ``is_wrapped``.
    """
    for one in _objects(value):
        keys = _keys_of_text(one, field)
        yield name, _joined([one[key] for key in keys])
        if "value" not in keys:
            yield from ((f"{name} {key}", more) for key, more in one.items() if key not in keys)


def _objects(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _keys_of_text(one: Mapping[str, object], field: str) -> list[str]:
    """Return the members that make up the text; some forms divide a phone number into area and number."""
    area = _key_among(one, _AREA) if field == "phone" else None
    country = _key_among(one, _COUNTRY) if area else None
    is_code = country is not None and str(one[country]).strip().lstrip("+").isdecimal()
    parts = (country if is_code else None, area, _key_among(one, _MEMBERS[field]))
    return [key for key in parts if key is not None]


def _joined(parts: Sequence[object]) -> object:
    """Return a text in one piece; of three, the first is the code of a country."""
    if len(parts) == 1:
        return parts[0]
    texts = [str(part).strip() for part in parts]
    return " ".join([f"+{texts[0].lstrip('+')}", *texts[1:]] if len(texts) == _WITH_COUNTRY else texts)


def _key_among(one: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    """Return the first of some names under which an object has a text, in any spelling, as it is spelled."""
    spelled = {key.translate(_MARKS).lower(): key for key, text in one.items() if _is_text(text)}
    return next((spelled[name] for name in names if name in spelled), None)


def _is_text(value: object) -> bool:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number or (isinstance(value, str) and bool(value.strip()))
