"""Schemas of what clients send: texts, numbers, files and objects."""

from typing import Any

Schema = dict[str, Any]

# Patterns allow no control characters at all, though the domain strips them at both ends of a text.
_CHARACTER = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]"
_CHARACTER_OR_BREAK = r"[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_VISIBLE = r"[^\s\x00-\x1f\x7f-\x9f]"
_NO_DIGIT = r"[^0-9\x00-\x1f\x7f-\x9f\u2028\u2029]"


def array_of(items: Any) -> Schema:
    """An array of a model, a component or any other schema."""
    return {"type": "array", "items": items}


def object_of(required: tuple[str, ...] | None = None, /, **properties: Any) -> Schema:
    """An object with these properties and no others.

    Args:
        required: the names of the properties that must be given; None means all of them.
        properties: the schema of each property.
    """
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
        "additionalProperties": False,
    }


def text(description: str | None = None, **rules: object) -> Schema:
    """A text."""
    return {"type": "string", **({"description": description} if description else {}), **rules}


def line(description: str | None = None, **rules: object) -> Schema:
    """A text without line breaks, which may be blank."""
    return text(description, pattern=f"^{_CHARACTER}*$", **rules)


def lines(description: str | None = None, **rules: object) -> Schema:
    """A text that may contain line breaks, and may be blank."""
    return text(description, pattern=f"^{_CHARACTER_OR_BREAK}*$", **rules)


def phone_number(description: str | None = None, **rules: object) -> Schema:
    """A text with as many digits as a phone number has, or an empty one."""
    return text(description, pattern=f"^(({_NO_DIGIT}*[0-9]){{4,15}}{_NO_DIGIT}*)?$", **rules)


def email(description: str | None = None, **rules: object) -> Schema:
    """An e-mail address."""
    return text(description, format="email", minLength=3, **rules)


def not_blank(schema: Schema) -> Schema:
    """A ``line`` or ``lines`` with at least one visible character."""
    characters = schema["pattern"].strip("^$")
    return schema | {"minLength": 1, "pattern": f"^{characters}{_VISIBLE}{characters}$"}


def timestamp(description: str) -> Schema:
    """A time with its offset (RFC 3339)."""
    return text(description, format="date-time", examples=["2026-11-30T09:00:00.000000Z"])


def file(description: str) -> Schema:
    """A file in a form; client generators go by ``format``, which OpenAPI 3.1 replaced by a media type."""
    return text(description, format="binary", contentMediaType="application/octet-stream")


def or_null(schema: Schema) -> Schema:
    """``schema``, or null."""
    return schema | {"type": [schema["type"], "null"]}


def without_null(schema: Schema) -> Schema:
    """The form that corresponds to an object of texts: a form clears a field by a blank, not by null."""
    texts = {
        name: rules | {"type": "string"} if isinstance(rules, dict) else rules
        for name, rules in schema["properties"].items()
    }
    return schema | {"properties": texts}
