"""Collect the named schemas that a document refers to: models, enums and hand-written components."""

from enum import StrEnum
from typing import Any

from attrs import define, field, frozen
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from leadtracker.entrypoints.formats.as_json import JsonModel
from leadtracker.entrypoints.http.openapi.schemas import Schema

_TEMPLATE = "#/components/schemas/{model}"


@frozen
class Component:
    """A schema written by hand, to be listed under its name."""

    name: str
    schema: Schema


@define
class Components:
    """The components of one document."""

    _models: set[type[JsonModel]] = field(factory=set, init=False)
    _schemas: dict[str, Schema] = field(factory=dict, init=False)

    def with_references(self, node: Any) -> Any:
        """Return ``node`` with references in place of models, enums and components, which are collected.

        Args:
            node: a part of a document; models, enums and components may stand in it wherever a schema may.
        """
        if isinstance(node, dict):
            return {name: self.with_references(value) for name, value in node.items()}
        if isinstance(node, list | tuple):
            return [self.with_references(value) for value in node]
        if isinstance(node, Component):
            self._schemas[node.name] = self.with_references(node.schema)
            return _reference(node.name)
        if isinstance(node, type) and issubclass(node, StrEnum):
            self._schemas[node.__name__] = {"type": "string", "enum": [one.value for one in node]}
            return _reference(node.__name__)
        if isinstance(node, type) and issubclass(node, JsonModel):
            self._models.add(node)
            return _reference(_component_name(node.__name__))
        return node

    def schemas(self) -> dict[str, Schema]:
        """Return the collected schemas by name, with those that they refer to."""
        models = [
            (model, "serialization") for model in sorted(self._models, key=lambda model: model.__name__)
        ]
        _, generated = models_json_schema(
            models,  # type: ignore[arg-type]  # mypy widens the mode to str
            ref_template=_TEMPLATE,
            schema_generator=_SchemaGenerator,
        )
        definitions: dict[str, Schema] = generated.get("$defs", {})
        for definition in definitions.values():
            definition.pop("title", None)
        return dict(sorted((self._schemas | definitions).items()))


class _SchemaGenerator(GenerateJsonSchema):
    """Names components after models without their suffix, and gives no titles: they repeat the names."""

    def normalize_name(self, name: str) -> str:
        """Return the component's name for the name of a class."""
        return _component_name(super().normalize_name(name))

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        """Leave properties without a title."""
        return False


def _component_name(class_name: str) -> str:
    return class_name.removesuffix("Json")


def _reference(name: str) -> Schema:
    return {"$ref": _TEMPLATE.format(model=name)}
