"""The shapes in which form builders and advertising networks send the inputs of a form.

They wrap inputs into objects, lists of objects, or names with brackets; here they become names and values
again. What has no such shape stays as it is.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from leadtracker.domain.model.leads.inputs.described_inputs import (
    Pair,
    described_inputs,
    has_lists_of_texts,
    is_list_of_inputs,
    is_object_of_inputs,
    typeform_inputs,
)
from leadtracker.domain.model.leads.inputs.field_names import FULL_NAME, MAX_INPUT_NAME_LENGTH, field_named
from leadtracker.domain.model.leads.inputs.first_members import MAX_MEMBERS, first_members

_MAX_DEPTH = 3
_ONLY_TEXTS = frozenset({str})
_CONTAINERS = frozenset(
    [
        "attributes",
        "client",
        "contact",
        "customer",
        "data",
        "fields",
        "formdata",
        "formfields",
        "formresponse",
        "invitee",
        "lead",
        "payload",
        "person",
        "properties",
        "submission",
        "user",
    ]
)
_SEPARATORS = re.compile(r"[\s_-]+")
_PERSON = "person"  # one of them
_LISTS = frozenset(["fields", "user_column_data", "field_data", "data", "questions"])
_ELEMENTOR = re.compile(r"((?:form_)?fields)\[([^\]]{1,100})\](?:\[([a-z_]{1,20})\])?")
_ELEMENTOR_PARTS = frozenset(["id", "type", "title", "raw_value", "required"])
_BRACKETS = re.compile(r"([A-Za-z_-]{1,20})\[([^\]]{1,100})\]((?:\[[^\]]{0,100}\])*)")
# The inputs of a form as JSON, in a field of a form, by Jotform and Unbounce; and its name if it is no JSON.
_JSON_TEXTS = {"rawRequest": "raw request", "data.json": "data json"}
_NAMED_VALUES = "namedValues"  # of an event in Google Apps Script
_NAMES = frozenset([FULL_NAME, "first_name", "last_name"])
_IDENTIFYING = _NAMES | {"email", "phone"}


def inputs_in(raw: Mapping[str, object]) -> tuple[tuple[str, ...], Sequence[object], int]:
    """Return the names and the values of the inputs of a body, and how many of its members were left out.

    Understood are names such as ``form_fields[email]``, ``fields[email][value]`` (Elementor) and
    ``contact[email]``; ``fields`` (HubSpot), ``user_column_data`` (Google Ads), ``field_data`` (Meta), and
    ``data`` with ``fields`` (Tally); ``form_response`` (Typeform), ``rawRequest`` (Jotform), ``data.json``
    (Unbounce) and ``namedValues`` (Google Forms); and objects such as ``contact`` and ``data`` that hold the
    name or the address of a person.
    """
    if _is_flat(raw):
        return tuple(raw), list(raw.values()), 0  # the fast path of almost all bodies
    first, beyond = first_members(raw)
    pairs = list(_pairs_in_body(first))
    return tuple([name for name, _ in pairs]), [value for _, value in pairs], beyond


def _is_flat(raw: Mapping[str, object]) -> bool:
    """Return True for a body of a usual size whose members are texts and have no shape."""
    has_texts_only = len(raw) <= MAX_MEMBERS and _ONLY_TEXTS.issuperset(map(type, raw.values()))
    return has_texts_only and _JSON_TEXTS.keys().isdisjoint(raw) and "[" not in "".join(raw)


def _pairs_in_body(raw: Mapping[str, object]) -> Iterator[Pair]:
    named = raw.get(_NAMED_VALUES)
    if has_lists_of_texts(named):
        # The members of the event beside it are no inputs of the form.
        raw = {name if name == _NAMED_VALUES else f"event {name}": value for name, value in raw.items()}
    elif not _holds(raw, _IDENTIFYING - {FULL_NAME}):
        raw = _with_known_person(raw)
    yield from _pairs_in_shapes(raw, 0)


def _with_known_person(raw: Mapping[str, object]) -> Mapping[str, object]:
    """Return a body that has no address, with an object for the person whose name is known, if it has one."""
    containers = [value for name, value in raw.items() if _is_container(name, value, 0)]
    people = [name for name, value in raw.items() if _is_person(value)]
    if any(isinstance(value, dict) and _holds(value, _NAMES) for value in containers):
        # The name beside the object that holds that of the person is that of the form.
        return {f"form {name}" if _is_name(name) else name: value for name, value in raw.items()}
    if containers or len(people) != 1 or _PERSON in raw or _holds(raw, _NAMES):
        return raw
    return {_PERSON if name == people[0] else name: value for name, value in raw.items()}


def _is_person(value: object) -> bool:
    """Return True for an object that holds a name and an address, or a phone number."""
    return isinstance(value, dict) and _holds(value, _NAMES) and _holds(value, _IDENTIFYING - _NAMES)


def _pairs_in_shapes(raw: Mapping[str, object], depth: int) -> Iterator[Pair]:
    if has_lists_of_texts(raw):
        yield from ((name, tuple(texts) or "") for name, texts in raw.items() if isinstance(texts, list))
        return
    for name, value in raw.items():
        if isinstance(value, str) and "[" not in name and name not in _JSON_TEXTS:
            yield name, value
        elif isinstance(value, list):
            is_list = name in _LISTS and is_list_of_inputs(value)
            yield from described_inputs(("", one) for one in value) if is_list else ((name, value),)
        elif isinstance(value, dict):
            for inner, one in _pairs_in_object(name, value, depth):
                # A field of the body itself wins.
                yield (f"{name} {inner}" if inner in raw and inner != name else inner), one
        elif name in _JSON_TEXTS and isinstance(value, str) and depth < _MAX_DEPTH:
            yield from _pairs_in_shapes(_parsed(value) or {_JSON_TEXTS[name]: value}, depth + 1)
        else:
            yield from _pairs_in_brackets(raw, name, value)


def _pairs_in_object(name: str, value: Mapping[str, object], depth: int) -> Iterator[Pair]:
    answers = value.get("answers")
    if (
        name == "form_response"
        and isinstance(answers, list)
        and all(isinstance(one, dict) for one in answers)
    ):
        yield from typeform_inputs(value, answers)
    elif name == _NAMED_VALUES and has_lists_of_texts(value):
        yield from _pairs_in_shapes(value, depth + 1)
    elif name in _LISTS and is_object_of_inputs(value):
        yield from described_inputs((key, one) for key, one in value.items() if isinstance(one, dict))
    elif _is_container(name, value, depth):
        if not _holds(value, _IDENTIFYING - {FULL_NAME}) and _holds_container(value, depth):
            # The name of an envelope is that of the form.
            value = {f"{name} {key}" if _is_name(key) else key: one for key, one in value.items()}
        yield from _pairs_in_shapes(value, depth + 1)
    else:
        field = field_named(name[:MAX_INPUT_NAME_LENGTH])
        # HubSpot has each property of a contact as an object, as Formstack has each input.
        inner = value["value"] if field and "value" in value else value
        if field == FULL_NAME and isinstance(inner, dict):
            yield from ((f"{name}[{part}]", text) for part, text in inner.items())
        else:
            yield name, inner


def _is_container(name: str, value: object, depth: int) -> bool:
    """Return True for an object that holds the inputs of a person, maybe in further objects."""
    if not isinstance(value, dict) or not _is_known(name) or depth >= _MAX_DEPTH:
        return False
    has_inputs = any(
        is_list_of_inputs(value.get(one)) or is_object_of_inputs(value.get(one)) for one in _LISTS
    )
    return has_inputs or _holds(value, _IDENTIFYING) or _holds_container(value, depth)


def _is_known(name: str) -> bool:
    """Return True for the name of an object that can hold the inputs of a person, in any spelling."""
    return _SEPARATORS.sub("", name.lower()) in _CONTAINERS


def _holds_container(value: Mapping[str, object], depth: int) -> bool:
    return any(_is_container(key, one, depth + 1) for key, one in value.items())


def _holds(value: Mapping[str, object], fields: frozenset[str]) -> bool:
    return any(field_named(key[:MAX_INPUT_NAME_LENGTH]) in fields for key in value)


def _is_name(key: str) -> bool:
    return field_named(key[:MAX_INPUT_NAME_LENGTH]) == FULL_NAME


def _pairs_in_brackets(raw: Mapping[str, object], name: str, value: object) -> Iterator[Pair]:
    if (match := _ELEMENTOR.fullmatch(name)) is not None:
        container, field, part = match.groups()
        title = raw.get(f"{container}[{field}][title]")
        if part in {None, "value"}:
            yield (title if isinstance(title, str) and title and not field_named(field) else field), value
        elif part not in _ELEMENTOR_PARTS:
            yield f"{field}[{part}]", value
    elif (match := _BRACKETS.fullmatch(name)) is not None and _is_known(match[1]):
        yield match[2] + match[3], value
    else:
        yield name, value


def _parsed(text: str) -> Mapping[str, object] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return first_members(value)[0] if isinstance(value, dict) else None
