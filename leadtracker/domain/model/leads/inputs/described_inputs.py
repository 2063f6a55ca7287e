"""Inputs that form builders describe by objects: with a label and a value, or with a list of texts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leadtracker.domain.model.leads.inputs.field_names import MAX_INPUT_NAME_LENGTH, Pair, field_named

_Described = tuple[list[str], object, object]
"""The labels of an input, which are not empty, its type and its value."""
VALUE_NAMES = ("value", "string_value", "values", "answer")
LABEL_NAMES = ("label", "title", "question", "name", "field", "column_id", "column_name", "key")
_FIELD_OF_TYPE = {
    "email": "email",
    "phone_number": "phone",
    "INPUT_EMAIL": "email",
    "INPUT_PHONE_NUMBER": "phone",
}


def is_list_of_inputs(value: object) -> bool:
    """Return True for a list of objects, each of which describes an input."""
    return isinstance(value, list) and bool(value) and all(_is_input(one) for one in value)


def _is_input(one: object) -> bool:
    return (
        isinstance(one, dict)
        and any(isinstance(one.get(name), str) for name in LABEL_NAMES)
        and any(name in one for name in VALUE_NAMES)
    )


def is_object_of_inputs(value: object) -> bool:
    """Return True for an object that has an object with its value, or at least its label, for each input."""
    if not isinstance(value, dict) or not all(map(_has_value_or_label, value.values())):
        return False
    return any(name in one for one in value.values() for name in VALUE_NAMES)


def _has_value_or_label(one: object) -> bool:
    return isinstance(one, dict) and ("label" in one or any(name in one for name in VALUE_NAMES))


def has_lists_of_texts(value: object) -> bool:
    """Return True for an object that has a list of texts for each input, as Google Forms and Unbounce do."""
    return isinstance(value, dict) and bool(value) and all(map(_is_list_of_texts, value.values()))


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def described_inputs(ones: Iterable[tuple[str, Mapping[str, object]]]) -> Iterator[Pair]:
    """Yield the inputs that objects describe, each with its name among them; empty in a list."""
    described: list[_Described] = []
    for key, one in ones:
        labels = [text for name in LABEL_NAMES if isinstance(text := one.get(name), str) and text]
        others = {name: text for name, text in one.items() if name != "label"}
        value = next((one[name] for name in VALUE_NAMES if name in one), others or None)
        if isinstance(value, list):
            names = _texts_by_id(one.get("options"), "text")
            value = tuple(names.get(text, text) if isinstance(text, str) else text for text in value)
        described.append(([*labels, key], one.get("type"), value))
    yield from _named(described)


def is_list_of_answers(value: object) -> bool:
    """Return True for the answers of a response of Typeform."""
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def typeform_inputs(response: Mapping[str, Any]) -> Iterator[Pair]:
    """Yield the inputs of a response, whose questions are defined beside the answers."""
    definition = response.get("definition")
    titles = _texts_by_id(definition.get("fields") if isinstance(definition, dict) else None, "title")
    described: list[_Described] = []
    for number, answer in enumerate(response["answers"], 1):
        field = answer.get("field")
        given = field if isinstance(field, dict) else {}
        names = [titles.get(str(given.get("id")), ""), str(given.get("ref") or ""), f"answer {number}"]
        value = answer.get(str(answer.get("type")))
        if isinstance(value, dict):  # a choice, or several
            value = value.get("label") or value.get("labels") or value
        labels = [name for name in names if name]
        described.append((labels, answer.get("type"), tuple(value) if isinstance(value, list) else value))
    yield from _named(described)
    yield from ((name, one) for name, one in response.items() if name not in {"answers", "definition"})


def _named(described: list[_Described]) -> Iterator[Pair]:
    """Yield inputs under the first label that names a field, else the field of the type, else their label.

    A type counts for a field that no label names, and once: the address of another person has the type, too.
    """
    taken = {_field_of(label) for labels, *_ in described for label in labels}
    for labels, kind, value in described:
        label = next(filter(_field_of, labels), None)
        field = _FIELD_OF_TYPE.get(str(kind))
        if label is None and field is not None and field not in taken:
            taken.add(field)
            label = field
        yield label or labels[0], value


def _field_of(label: str) -> str | None:
    return field_named(label[:MAX_INPUT_NAME_LENGTH])


def _texts_by_id(ones: object, text: str) -> dict[str, str]:
    """Return the texts of a choice's options or a form's questions by their ids."""
    return {
        one["id"]: one[text]
        for one in (ones if isinstance(ones, list) else [])
        if isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get(text), str)
    }
