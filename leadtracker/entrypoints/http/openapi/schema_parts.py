"""What schemas are made of."""

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]


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


def time(description: str | None = None) -> Schema:
    """An instant."""
    return text(description, format="date-time", examples=["2026-11-16T09:30:00.000000Z"])


def one_of(values: Iterable[str]) -> Schema:
    """One of some texts."""
    return {"type": "string", "enum": sorted(values)}


def or_null(schema: Schema) -> Schema:
    """What another schema describes, or null."""
    return schema | {"type": [schema["type"], "null"]}
