"""The shapes in which form builders and advertising networks send the inputs of a form.

They wrap inputs into objects, lists of objects, or names with brackets; here they become names and values
again. What has no such shape stays as it is.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from leadtracker.domain.model.leads.inputs.field_names import FULL_NAME, MAX_INPUT_NAME_LENGTH, field_named

Pair = tuple[str, object]
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
        "form_data",
        "form_fields",
        "form_response",
        "lead",
        "payload",
        "person",
        "properties",
        "submission",
        "user",
    ]
)
_LISTS = frozenset(["fields", "user_column_data", "field_data", "data", "questions"])
_ELEMENTOR = re.compile(r"((?:form_)?fields)\[([^\]]{1,100})\](?:\[([a-z_]{1,20})\])?")
_ELEMENTOR_PARTS = frozenset(["id", "type", "title", "raw_value", "required"])
_BRACKETS = re.compile(r"([a-z_]{1,20})\[([^\]]{1,100})\]((?:\[[^\]]{0,100}\])*)")
# The inputs of a form as JSON, in a field of a form, by Jotform and Unbounce; and its name if it is no JSON.
_JSON_TEXTS = {"rawRequest": "raw request", "data.json": "data json"}
_NAMED_VALUES = "namedValues"  # of an event in Google Apps Script
_VALUE_NAMES = ("value", "string_value", "values")
_LABEL_NAMES = ("label", "title", "name", "column_id", "column_name", "key")
_NAMES = frozenset([FULL_NAME, "first_name", "last_name"])
_IDENTIFYING = _NAMES | {"email", "phone"}
_FIELD_OF_TYPE = {
    "email": "email",
    "phone_number": "phone",
    "INPUT_EMAIL": "email",
    "INPUT_PHONE_NUMBER": "phone",
}


def inputs_in(raw: Mapping[str, object]) -> tuple[tuple[str, ...], Sequence[object]]:
    """Return the names and the values of the inputs of a body.

    Understood are names such as ``form_fields[email]``, ``fields[email][value]`` (Elementor) and
    ``contact[email]``; ``fields`` (HubSpot), ``user_column_data`` (Google Ads), ``field_data`` (Meta), and
    ``data`` with ``fields`` (Tally); ``form_response`` (Typeform), ``rawRequest`` (Jotform), ``data.json``
    (Unbounce) and ``namedValues`` (Google Forms); and objects such as ``contact`` and ``data`` that hold the
    name or the address of a person.
    """
    names = "".join(raw)
    has_json = not _JSON_TEXTS.keys().isdisjoint(raw)
    if _ONLY_TEXTS.issuperset(map(type, raw.values())) and not has_json and "[" not in names:
        return tuple(raw), list(raw.values())  # the fast path of almost all bodies
    pairs = list(_pairs_in_body(raw))
    return tuple([name for name, _ in pairs]), [value for _, value in pairs]


def _pairs_in_body(raw: Mapping[str, object]) -> Iterator[Pair]:
    named = raw.get(_NAMED_VALUES)
    if _has_lists_of_texts(named):
        # The members of the event beside it are no inputs of the form.
        raw = {name if name == _NAMED_VALUES else f"event {name}": value for name, value in raw.items()}
    elif not _holds(raw, _IDENTIFYING - {FULL_NAME}) and any(
        isinstance(value, dict) and _is_container(name, value, 0) and _holds(value, _NAMES)
        for name, value in raw.items()
    ):
        # The name beside the object that holds that of the person is that of the form.
        raw = {f"form {name}" if _is_name(name) else name: value for name, value in raw.items()}
    yield from _pairs_in_shapes(raw, 0)


def _pairs_in_shapes(raw: Mapping[str, object], depth: int) -> Iterator[Pair]:
    if _has_lists_of_texts(raw):
        yield from ((name, tuple(texts) or "") for name, texts in raw.items() if isinstance(texts, list))
        return
    for name, value in raw.items():
        if isinstance(value, str) and "[" not in name and name not in _JSON_TEXTS:
            yield name, value
        elif isinstance(value, list):
            yield from map(_unwrapped, value) if name in _LISTS and _is_shape(value) else ((name, value),)
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
        yield from _typeform(value, answers)
    elif name == _NAMED_VALUES and _has_lists_of_texts(value):
        yield from _pairs_in_shapes(value, depth + 1)
    elif name in _LISTS and _is_table(value):
        yield from (_unwrapped(one, key) for key, one in value.items() if isinstance(one, dict))
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
    if not isinstance(value, dict) or name.lower() not in _CONTAINERS or depth >= _MAX_DEPTH:
        return False
    has_inputs = any(_is_shape(value.get(one)) or _is_table(value.get(one)) for one in _LISTS)
    return has_inputs or _holds(value, _IDENTIFYING) or _holds_container(value, depth)


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
    elif (match := _BRACKETS.fullmatch(name)) is not None and match[1] in _CONTAINERS:
        yield match[2] + match[3], value
    else:
        yield name, value


def _is_shape(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_input(one) for one in value)


def _is_input(one: object) -> bool:
    return (
        isinstance(one, dict)
        and any(isinstance(one.get(name), str) for name in _LABEL_NAMES)
        and any(name in one for name in _VALUE_NAMES)
    )


def _is_table(value: object) -> bool:
    """Return True for an object that has an object with its value for each input."""
    return isinstance(value, dict) and bool(value) and all(map(_has_value, value.values()))


def _has_value(one: object) -> bool:
    return isinstance(one, dict) and any(name in one for name in _VALUE_NAMES)


def _has_lists_of_texts(value: object) -> bool:
    """Return True for an object that has a list of texts for each input, as Google Forms and Unbounce do."""
    return isinstance(value, dict) and bool(value) and all(map(_is_list_of_texts, value.values()))


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _unwrapped(one: Mapping[str, object], key: str = "") -> Pair:
    """Return an input that an object describes; ``key`` is its name in an object of inputs."""
    labels = [text for name in _LABEL_NAMES if isinstance(text := one.get(name), str) and text]
    label = _field_or_label([*labels, key], one.get("type"))
    value = next(one[name] for name in _VALUE_NAMES if name in one)
    if isinstance(value, list):
        names = _texts_by_id(one.get("options"), "text")
        return label, tuple(names.get(text, text) if isinstance(text, str) else text for text in value)
    return label, value


def _typeform(response: Mapping[str, object], answers: list[Mapping[str, object]]) -> Iterator[Pair]:
    """Yield the inputs of a response, whose questions are defined beside the answers."""
    definition = response.get("definition")
    titles = _texts_by_id(definition.get("fields") if isinstance(definition, dict) else None, "title")
    for number, answer in enumerate(answers, 1):
        field = answer.get("field")
        given = field if isinstance(field, dict) else {}
        names = [titles.get(str(given.get("id")), ""), str(given.get("ref") or ""), f"answer {number}"]
        value = answer.get(str(answer.get("type")))
        if isinstance(value, dict):  # a choice, or several
            value = value.get("label") or value.get("labels") or value
        labels = [name for name in names if name]
        yield _field_or_label(labels, answer.get("type")), tuple(value) if isinstance(value, list) else value
    yield from ((name, one) for name, one in response.items() if name not in {"answers", "definition"})


def _field_or_label(labels: list[str], kind: object) -> str:
    """Return the first label that names a field, else the field of the input's type, else the first label."""
    known = next((label for label in labels if field_named(label[:MAX_INPUT_NAME_LENGTH])), None)
    return known or _FIELD_OF_TYPE.get(str(kind), labels[0])


def _texts_by_id(ones: object, text: str) -> dict[str, str]:
    """Return the texts of a choice's options or a form's questions by their ids."""
    return {
        one["id"]: one[text]
        for one in (ones if isinstance(ones, list) else [])
        if isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get(text), str)
    }


def _parsed(text: str) -> Mapping[str, object] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
