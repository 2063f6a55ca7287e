"""Read query parameters into pydantic models, which describe the same parameters to OpenAPI.

Every parameter may be given at most once, unless it is a list; an empty one counts as not given. All errors
of a query are reported together, each by the parameter's name and a whole-word message.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Self, TypeAlias, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from werkzeug.datastructures import MultiDict

from leadtracker.domain.errors import FieldError, InvalidInput
from leadtracker.domain.model.leads.queries.lead_query import MAX_PAGE_SIZE
from leadtracker.domain.model.values.field_errors import InvalidValue
from leadtracker.domain.model.values.field_parser import field_error
from leadtracker.domain.model.values.timestamps import bound_of_day, parse_timestamp

Schema: TypeAlias = dict[str, Any]

_WHOLE_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_SPACE_FOR_PLUS = re.compile(r" (?=\d\d:\d\d$)")


class QueryParams(BaseModel):
    """The query parameters of one operation; each field is a parameter, under its alias if it has one."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    @classmethod
    def read(cls, args: "MultiDict[str, str]", **context: object) -> Self:
        """Validate the parameters of a request.

        Args:
            args: the parameters as they came; the values of each are texts.
            context: for the parsers of single parameters, such as the ``zone`` of ``RangeStart``.

        Raises:
            InvalidInput: names every invalid, repeated and unknown parameter.
        """
        values, errors = _values(args, _are_lists(cls))
        try:
            params = cls.model_validate(values, context=context)
        except ValidationError as error:
            raise InvalidInput([*_field_errors(error), *errors]) from None
        if errors:
            raise InvalidInput(errors)
        return params


def openapi_parameters(model: type[QueryParams]) -> list[Schema]:
    """Return the OpenAPI parameter objects of ``model``, in the order of its fields."""
    properties: Mapping[str, Schema] = model.model_json_schema()["properties"]
    return [_parameter(name, schema) for name, schema in properties.items()]


def parsed_by(
    parse: Callable[[str], object] | Callable[[str, ValidationInfo], object], **schema: object
) -> PlainValidator:
    """Annotate a parameter with its parser and the rest of its JSON schema, of a string by default.

    Args:
        parse: converts the text; its ``ValueError`` is shown to the caller as the parameter's error.
        schema: keywords of JSON Schema.
    """
    described = Annotated[str, WithJsonSchema({"type": "string"} | schema)]
    return PlainValidator(parse, json_schema_input_type=described)


def one_of(*enums: type[StrEnum]) -> PlainValidator:
    """Annotate a parameter that takes one value of an enum, or of several."""
    choices = {choice.value: choice for enum in enums for choice in enum}

    def parse(text: str) -> StrEnum:
        if text not in choices:
            raise InvalidValue("unknown-choice", choices=", ".join(choices))
        return choices[text]

    names = {"x-enum-varnames": [choice.name for choice in choices.values()]}  # for client generators
    return parsed_by(parse, enum=list(choices), **names)


def _read_flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise InvalidValue("not-true-or-false")
    return text == "true"


def _read_limit(text: str) -> int:
    if not (_WHOLE_NUMBER.fullmatch(text) and 1 <= int(text) <= MAX_PAGE_SIZE):
        raise InvalidValue("number-out-of-range", min=1, max=MAX_PAGE_SIZE)
    return int(text)


def _range_start(text: str, info: ValidationInfo) -> datetime:
    return _range_bound(text, info, is_end=False)


def _range_end(text: str, info: ValidationInfo) -> datetime:
    return _range_bound(text, info, is_end=True)


def _range_bound(text: str, info: ValidationInfo, *, is_end: bool) -> datetime:
    with suppress(ValueError):
        return bound_of_day(text, (info.context or {})["zone"], is_end=is_end)
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        return parse_timestamp(_SPACE_FOR_PLUS.sub("+", text))
    except ValueError:
        raise InvalidValue("not-day-or-time") from None


_DAY_OR_TIME: Mapping[str, Any] = {
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]
}

Flag = Annotated[bool, parsed_by(_read_flag, type="boolean")]
"""True or false."""

Limit = Annotated[int, parsed_by(_read_limit, type="integer", minimum=1, maximum=MAX_PAGE_SIZE)]
"""The maximum number of items of a page."""

RangeStart = Annotated[datetime | None, parsed_by(_range_start, **_DAY_OR_TIME)]
"""The first timestamp of a range, or the day of ``zone`` with which it begins."""

RangeEnd = Annotated[datetime | None, parsed_by(_range_end, **_DAY_OR_TIME)]
"""The first timestamp after a range, or the last day of ``zone`` that belongs to it."""


@cache
def _are_lists(model: type[QueryParams]) -> Mapping[str, bool]:
    """Map each parameter's name to whether it may be repeated."""
    fields = model.model_fields.items()
    return {field.alias or name: get_origin(field.annotation) is list for name, field in fields}


def _values(
    args: "MultiDict[str, str]", are_lists: Mapping[str, bool]
) -> tuple[dict[str, str | list[str]], list[FieldError]]:
    """Return the values that are not empty, and the errors about names."""
    values: dict[str, str | list[str]] = {}
    errors = []
    for name, texts in args.lists():
        given = [text for text in texts if text]
        if name not in are_lists:
            errors.append(field_error(name, InvalidValue("unknown-parameter")))
        elif len(given) > 1 and not are_lists[name]:
            errors.append(field_error(name, InvalidValue("repeated-parameter")))
        elif given:
            values[name] = given if are_lists[name] else given[0]
    return values, errors


def _parameter(name: str, schema: Schema) -> Schema:
    kept = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    if kept.get("default") in (None, []):
        kept.pop("default", None)
    return {"name": name, "in": "query", "description": schema["description"], "schema": kept}


def _field_errors(error: ValidationError) -> Iterator[FieldError]:
    """The first error of each parameter, in the words of its parser."""
    seen = set()
    for details in error.errors():
        name = str(details["loc"][0])
        if name not in seen:
            seen.add(name)
            yield field_error(name, details["ctx"]["error"])
