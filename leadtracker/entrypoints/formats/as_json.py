"""Write JSON, and the base class of the models that describe it."""

from datetime import datetime
from typing import Annotated, Any, Self

import orjson
from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from leadtracker.domain.model.values.timestamps import format_timestamp

Json = dict[str, Any]

EXAMPLE_TIMESTAMP = "2026-11-16T09:30:00.000000Z"

Timestamp = Annotated[
    datetime,
    PlainSerializer(format_timestamp, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": [EXAMPLE_TIMESTAMP]}),
]
"""An aware datetime, written in UTC with microseconds (RFC 3339)."""


class JsonModel(BaseModel):
    """A JSON object, read from the attributes of a domain object.

    Subclasses name their properties as JSON does; an alias names the attribute where the domain calls it
    otherwise. Constraints such as a maximal length belong into ``json_schema_extra``: the domain checked them
    when the value came in, and a response must not fail because a limit has been lowered since.
    """

    # Building the validators of all models takes longer than most processes have use for.
    model_config = ConfigDict(defer_build=True, extra="forbid", from_attributes=True)

    @classmethod
    def of(cls, source: Any) -> Self:
        """Read the model from a domain object, or from a mapping with the model's own names."""
        return cls.model_validate(source)

    def as_json(self) -> Json:
        """The properties in JSON's own types; a property that was never set is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def dump(value: object, *, indent: bool = False) -> bytes:
    """Write ``value``, which may contain models, as JSON in UTF-8.

    Args:
        value: anything that orjson writes, with models at any depth.
        indent: True puts each property in its own line.
    """
    return orjson.dumps(value, default=_as_json, option=orjson.OPT_INDENT_2 if indent else None)


def _as_json(value: object) -> Json:
    """Convert what orjson does not know.

    Raises:
        TypeError: ``value`` is no model; orjson turns it into its own error.
    """
    if isinstance(value, JsonModel):
        return value.as_json()
    message = f"{type(value).__name__} has no JSON form"
    raise TypeError(message)
