"""The shapes in which form builders and advertising networks send the inputs of a form.

They wrap each input into an object or into a name with brackets; here they become names and values again.
"""

import re
from collections.abc import Iterator, Mapping

Pair = tuple[str, object]
_ELEMENTOR = re.compile(r"(?:form_)?fields\[([^\]]{1,100})\](?:\[([a-z_]{1,20})\])?")
_VALUE_NAMES = ("value", "string_value", "values")
_LABEL_NAMES = ("label", "name", "column_id", "column_name", "key")


def pairs_in(raw: Mapping[str, object]) -> Iterator[Pair]:
    """Yield the inputs of a body.

    Understood are ``form_fields[email]`` and ``fields[email][value]`` (Elementor), ``fields`` (HubSpot),
    ``user_column_data`` (Google Ads), ``field_data`` (Meta), and ``data`` with ``fields`` (Tally).
    """
    for name, value in raw.items():
        if isinstance(value, str) and "[" not in name:  # the fast path of almost all inputs
            yield name, value
            continue
        inputs = value if isinstance(value, list) else ()
        if name == "data" and isinstance(value, dict) and _is_shape(value.get("fields")):
            yield from pairs_in({key: one for key, one in value.items() if key != "fields"})
            inputs = value["fields"]
        if inputs and name in {"fields", "user_column_data", "field_data", "data"} and _is_shape(inputs):
            yield from map(_unwrapped, inputs)
        elif (match := _ELEMENTOR.fullmatch(name)) is not None:
            if match[2] in {None, "value"}:
                yield match[1], value
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


def _unwrapped(one: Mapping[str, object]) -> Pair:
    label = next(text for name in _LABEL_NAMES if isinstance(text := one.get(name), str))
    value = next(one[name] for name in _VALUE_NAMES if name in one)
    if isinstance(value, list):
        names = _option_names(one.get("options"))
        return label, tuple(names.get(text, text) if isinstance(text, str) else text for text in value)
    return label, value


def _option_names(options: object) -> dict[str, str]:
    """Return the texts of a choice's options by their ids; Tally sends the ids of those that were chosen."""
    given = options if isinstance(options, list) else []
    return {
        option["id"]: option["text"]
        for option in given
        if isinstance(option, dict)
        and isinstance(option.get("id"), str)
        and isinstance(option.get("text"), str)
    }
