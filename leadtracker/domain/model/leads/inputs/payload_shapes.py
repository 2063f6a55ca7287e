"""The shapes in which form builders and advertising networks send the inputs of a form.

They wrap inputs into objects, lists of objects, or names with brackets; here they become names and values
again. What has no such shape stays as it is.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from leadtracker.domain.model.leads.inputs.described_inputs import (
    LABEL_NAMES,
    VALUE_NAMES,
    described_inputs,
    has_lists_of_texts,
    is_list_of_answers,
    is_list_of_inputs,
    is_object_of_inputs,
    typeform_inputs,
)
from leadtracker.domain.model.leads.inputs.field_aliases import FULL_NAME
from leadtracker.domain.model.leads.inputs.field_names import MAX_INPUT_NAME_LENGTH, Pair, field_named
from leadtracker.domain.model.leads.inputs.first_members import MAX_MEMBERS, first_members
from leadtracker.domain.model.leads.inputs.wrapped_values import is_wrapped, unwrapped

_MAX_DEPTH = 3
_ONLY_TEXTS = frozenset({str})
_CONTAINERS = frozenset(
    [
        *("applicant", "attendee", "booker", "client", "contact", "customer", "guest", "invitee", "lead"),
        *("person", "requester", "sender", "subscriber", "ticket", "user", "visitor"),
        *("attribute", "booking", "data", "entry", "field", "formdata", "formfield", "formresponse", "merge"),
        *("payload", "properties", "record", "response", "submission"),
    ]
)
"""Objects that hold the inputs of a person, also in the plural; in lower case, without blanks and marks."""
_LISTS = frozenset(
    [
        *("answers", "changes", "customfields", "data", "fielddata", "fields", "formfields", "formvalues"),
        *("inputs", "questions", "questionsandanswers", "responses", "submissions", "usercolumndata"),
    ]
)
"""Lists of inputs, and objects of them, in the same spelling."""
_SEPARATORS = re.compile(r"[\s_-]+")
_PERSON = "person"  # one of the containers
_ELEMENTOR = re.compile(r"((?:form_)?fields)\[([^\]]{1,100})\](?:\[([a-z_]{1,20})\])?")
_ELEMENTOR_PARTS = frozenset(["id", "type", "title", "raw_value", "required"])
_INDEXED = re.compile(r"([A-Za-z_-]{1,20}\[\d{1,4}\])\[([a-z_]{1,20})\]")  # of “fields[0][label]”
_BRACKETS = re.compile(r"([A-Za-z_-]{1,20})\[([^\]]{1,100})\]((?:\[[^\]]{0,100}\])*)")
# The inputs of a form as JSON, in a field of a form, by Jotform and Unbounce; and its name if it is no JSON.
_JSON_TEXTS = {"rawRequest": "raw request", "data.json": "data json", "payload": "payload"}
_NAMED_VALUES = "namedValues"  # of an event in Google Apps Script
_NAMES = frozenset([FULL_NAME, "first_name", "last_name"])
_IDENTIFYING = _NAMES | {"email", "phone"}


def inputs_in(raw: Mapping[str, object]) -> tuple[tuple[str, ...], Sequence[object], int]:
    """Return the names and the values of the inputs of a body, and how many of its members were left out.

    Understood are names such as ``form_fields[email]``, ``fields[email][value]`` (Elementor) and
    ``contact[email]``; ``fields`` (HubSpot), ``user_column_data`` (Google Ads), ``field_data`` (Meta), and
    ``data`` with ``fields`` (Tally); ``form_response`` (Typeform), ``rawRequest`` (Jotform), ``data.json``
    (Unbounce) and ``namedValues`` (Google Forms); and objects such as ``contact`` and ``data``, also the
    only ones of a list, that hold the name or the address of a person, maybe in further objects.
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
    else:
        raw = _with_known_person(raw, "form", 0)
    yield from _pairs_in_shapes(raw, 0)


def _with_known_person(raw: Mapping[str, object], envelope: str, depth: int) -> Mapping[str, object]:
    """Return an object that has no address, with the name of the object in it that holds the person's."""
    if _holds(raw, _IDENTIFYING - {FULL_NAME}):
        return raw
    containers = [name for name, value in _nested_in(raw) if _is_container(name, value, depth)]
    has_names = _holds(raw, _NAMES)
    if has_names and any(_has_name(name, raw[name], depth) for name in containers):
        # The name beside the object that holds that of the person is that of the form.
        return {f"{envelope} {name}" if _is_name(name) else name: value for name, value in raw.items()}
    people = _people_in(raw)
    if has_names or containers or len(people) != 1 or _PERSON in raw:
        return raw
    return {_PERSON if name == people[0] else name: value for name, value in raw.items()}


def _nested_in(raw: Mapping[str, object]) -> list[Pair]:
    """Return the members that are objects or lists, which few are."""
    return [(name, value) for name, value in raw.items() if isinstance(value, dict | list)]


def _has_name(name: str, value: object, depth: int) -> bool:
    """Return True if an object holds the name of a person, in any shape."""
    return any(
        field_named(inner[:MAX_INPUT_NAME_LENGTH]) in _NAMES
        for inner, _ in _pairs_in_object(name, value, depth)
    )


def _people_in(raw: Mapping[str, object]) -> list[str]:
    """Return the names of the objects that hold a name and an address, or a phone number."""
    return [
        name
        for name, value in _nested_in(raw)
        if (one := _object_in(value)) and _holds(one, _NAMES) and _holds(one, _IDENTIFYING - _NAMES)
    ]


def _object_in(value: object) -> Mapping[str, object] | None:
    """Return an object, also the only one of a list; None for anything else."""
    one = value[0] if isinstance(value, list) and len(value) == 1 else value
    return one if isinstance(one, dict) else None


def _pairs_in_shapes(raw: Mapping[str, object], depth: int) -> Iterator[Pair]:
    if has_lists_of_texts(raw):
        yield from ((name, tuple(texts) or "") for name, texts in raw.items() if isinstance(texts, list))
        return
    for name, value in raw.items():
        if isinstance(value, str) and "[" not in name and name not in _JSON_TEXTS:
            yield name, value
        elif isinstance(value, list) and _bare(name) in _LISTS and is_list_of_inputs(value):
            yield from described_inputs(("", one) for one in value)
        elif isinstance(value, dict | list):
            for inner, one in _pairs_in_object(name, value, depth):
                # A field of the body itself wins.
                yield (f"{name} {inner}" if inner in raw and inner != name else inner), one
        elif name in _JSON_TEXTS and isinstance(value, str) and depth < _MAX_DEPTH:
            yield from _pairs_in_shapes(_object_in_json(value) or {_JSON_TEXTS[name]: value}, depth + 1)
        else:
            yield from _pairs_in_brackets(raw, name, value)


def _pairs_in_object(name: str, value: object, depth: int) -> Iterator[Pair]:
    one = _object_in(value) or {}
    if name == "form_response" and is_list_of_answers(one.get("answers")):
        yield from typeform_inputs(one)
    elif name == _NAMED_VALUES and has_lists_of_texts(one):
        yield from _pairs_in_shapes(one, depth + 1)
    elif _bare(name) in _LISTS and is_object_of_inputs(one):
        yield from described_inputs((key, inner) for key, inner in one.items() if isinstance(inner, dict))
    elif _is_container(name, one, depth):
        yield from _pairs_in_shapes(_with_known_person(one, name, depth + 1), depth + 1)
    else:
        yield from _pairs_of_value(name, value)


def _pairs_of_value(name: str, value: object) -> Iterator[Pair]:
    """Yield the text of a field that is wrapped, the parts of a name, or the value."""
    field = field_named(name[:MAX_INPUT_NAME_LENGTH])
    if field and is_wrapped(field, value):
        yield from unwrapped(name, field, value)
        return
    # HubSpot has each property of a contact as an object, as Formstack has each input.
    inner = value["value"] if field and isinstance(value, dict) and "value" in value else value
    parts = _object_in(inner) if field == FULL_NAME else None
    yield from (
        ((name, inner),) if parts is None else ((f"{name}[{part}]", text) for part, text in parts.items())
    )


def _is_container(name: str, value: object, depth: int) -> bool:
    """Return True for an object that holds the inputs of a person, maybe in further objects."""
    one = _object_in(value)
    if not one or depth >= _MAX_DEPTH or not _is_container_name(name):
        return False
    has_inputs = any(_is_list_of_inputs(key, inner) for key, inner in _nested_in(one))
    return (
        has_inputs or _holds(one, _IDENTIFYING) or _holds_container(one, depth) or len(_people_in(one)) == 1
    )


def _is_list_of_inputs(name: str, value: object) -> bool:
    """Return True for a list or an object of inputs under one of the names that these have."""
    return _bare(name) in _LISTS and (is_list_of_inputs(value) or is_object_of_inputs(value))


def _bare(name: str) -> str:
    return _SEPARATORS.sub("", name.lower())


def _is_container_name(name: str) -> bool:
    """Return True for the name of an object that can hold the inputs of a person, in any spelling."""
    bare = _bare(name)
    return bare in _CONTAINERS or bare.removesuffix("s") in _CONTAINERS


def _holds_container(value: Mapping[str, object], depth: int) -> bool:
    return any(_is_container(key, one, depth + 1) for key, one in _nested_in(value))


def _holds(value: Mapping[str, object], fields: frozenset[str]) -> bool:
    return any(field_named(key[:MAX_INPUT_NAME_LENGTH]) in fields for key in value)


def _is_name(key: str) -> bool:
    return field_named(key[:MAX_INPUT_NAME_LENGTH]) == FULL_NAME


def _pairs_in_brackets(raw: Mapping[str, object], name: str, value: object) -> Iterator[Pair]:
    if (match := _INDEXED.fullmatch(name)) is not None and (label := _label_in(raw, match[1])):
        if match[2] in VALUE_NAMES:
            yield label, value
    elif (match := _ELEMENTOR.fullmatch(name)) is not None:
        container, field, part = match.groups()
        title = raw.get(f"{container}[{field}][title]")
        if part in {None, "value"}:
            yield (title if isinstance(title, str) and title and not field_named(field) else field), value
        elif part not in _ELEMENTOR_PARTS:
            yield f"{field}[{part}]", value
    elif (match := _BRACKETS.fullmatch(name)) is not None and _is_container_name(match[1]):
        yield match[2] + match[3], value
    else:
        yield name, value


def _label_in(raw: Mapping[str, object], element: str) -> str | None:
    """Return the label of an element of a list in brackets that describes an input; None for any other."""
    if all(f"{element}[{name}]" not in raw for name in VALUE_NAMES):
        return None
    labels = [raw.get(f"{element}[{name}]") for name in LABEL_NAMES]
    texts = [label for label in labels if isinstance(label, str) and label.strip()]
    fields = (text for text in texts if field_named(text[:MAX_INPUT_NAME_LENGTH]))
    return next(fields, texts[0] if texts else None)


def _object_in_json(text: str) -> Mapping[str, object] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return first_members(value)[0] if isinstance(value, dict) else None
