"""What schemas are made of."""

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]

# Control characters at both ends of a text are cut off; that would only clutter the patterns.
_CHARACTER = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]"
_CHARACTER_OR_BREAK = r"[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_VISIBLE = r"[^\s\x00-\x1f\x7f-\x9f]"
_NO_DIGIT = r"[^0-9\x00-\x1f\x7f-\x9f\u2028\u2029]"


def ref(name: str) -> Schema:
    """A reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def array_of(name: str) -> Schema:
    """An array of a named schema."""
    return {"type": "array", "items": ref(name)}


def object_of(**properties: Schema) -> Schema:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def text(description: str | None = None, **rules: object) -> Schema:
    """A text."""
    return {"type": "string", **({"description": description} if description else {}), **rules}


def line(description: str | None = None, **rules: object) -> Schema:
    """A text in one line, which may be blank."""
    return text(description, pattern=f"^{_CHARACTER}*$", **rules)


def lines(description: str | None = None, **rules: object) -> Schema:
    """A text that may have line breaks, and may be blank."""
    return text(description, pattern=f"^{_CHARACTER_OR_BREAK}*$", **rules)


def resume_file() -> Schema:
    """A file in a form."""
    return {
        "type": "string",
        "contentMediaType": "application/octet-stream",
        "description": "A pdf, docx, doc, odt, rtf or txt file: by its name and by its content.",
    }


def phone_number(description: str, **rules: object) -> Schema:
    """A text that has as many digits as a phone number, or is empty."""
    return text(description, pattern=f"^(({_NO_DIGIT}*[0-9]){{4,15}}{_NO_DIGIT}*)?$", **rules)


def not_blank(schema: Schema) -> Schema:
    """A text that has something to see."""
    characters = schema["pattern"].strip("^$")
    return schema | {"minLength": 1, "pattern": f"^{characters}{_VISIBLE}{characters}$"}


def time(description: str | None = None) -> Schema:
    """A timestamp."""
    return text(description, format="date-time", examples=["2026-11-16T09:30:00.000000Z"])


def one_of(values: Iterable[str]) -> Schema:
    """One of some texts."""
    return {"type": "string", "enum": sorted(values)}


def or_empty(*choices: Schema) -> Schema:
    """The rules of a text that keeps one of these, or is empty."""
    return {"anyOf": [*choices, {"maxLength": 0}]}


def without_null(schema: Schema) -> Schema:
    """An object whose properties are texts, as in a form, which has no other way to say null than blank."""
    kept = {name: rules | {"type": "string"} for name, rules in schema["properties"].items()}
    return schema | {"properties": kept}


def or_null(schema: Schema) -> Schema:
    """What another schema describes, or null."""
    return schema | {"type": [schema["type"], "null"]}
