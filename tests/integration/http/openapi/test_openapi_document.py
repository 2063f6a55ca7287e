"""The OpenAPI document is valid, describes every route and no other, and uses plain types with examples."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from leadtracker.container import Container
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.entrypoints.http.app import create_app
from leadtracker.settings import Settings
from tests.integration.http.conftest import SECRET_KEY
from tests.support.clients.openapi import Description
from tests.support.clients.routes import api_routes
from tests.support.http import published_document

NOT_DESCRIBED = {("GET", "/docs/{name}")}
"""The files that the page at /docs loads."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as it goes over the wire."""
    wire: dict[str, Any] = orjson.loads(published_document())
    return wire


@pytest.fixture
def app() -> Flask:
    """The application, of which no test here uses the database."""
    return create_app(Container(settings=Settings(secret_key=SECRET_KEY)))


def operations(document: dict[str, Any]) -> dict[tuple[str, str], Any]:
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def parameters(document: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """The path, the name and the schema of every parameter."""
    return [
        (path, parameter["name"], parameter["schema"])
        for (_, path), operation in operations(document).items()
        for parameter in operation.get("parameters", [])
    ]


def nodes(node: Any, *pointer: str) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every object in the document, with the steps that lead to it."""
    if isinstance(node, dict):
        yield pointer, node
    for step, child in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(child, dict | list):
            yield from nodes(child, *pointer, str(step))


def test_document_is_valid(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_document_describes_every_route(document: dict[str, Any], app: Flask) -> None:
    routes = api_routes(app)
    assert set(operations(document)) == routes - NOT_DESCRIBED
    assert routes >= NOT_DESCRIBED


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    ids = Counter(operation["operationId"] for operation in operations(document).values())
    assert set(ids.values()) == {1}
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", identifier) for identifier in ids)


def test_every_operation_declares_its_access(document: dict[str, Any]) -> None:
    schemes = set(document["components"]["securitySchemes"])
    for operation in operations(document).values():
        assert operation["security"]
        assert {name for way in operation["security"] for name in way} <= schemes


def test_operations_with_credentials_may_be_rejected(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        if operation["security"] != [{}]:
            assert {"401", "403", "429", "503"} <= set(operation["responses"])


def test_every_component_is_used(document: dict[str, Any]) -> None:
    used = set(re.findall(r'"\$ref":"#/components/schemas/(\w+)"', orjson.dumps(document).decode()))
    assert used == set(document["components"]["schemas"])


def test_put_and_patch_of_a_lead_differ_only_in_their_names(document: dict[str, Any]) -> None:
    put, patch = (document["paths"]["/leads/{lead_id}"][method] for method in ("put", "patch"))
    names = {"operationId", "summary"}
    assert {name for name in put if put[name] != patch[name]} == names


def test_parameters_have_one_plain_type(document: dict[str, Any]) -> None:
    types = {
        name: schema.get("type", "one of several")
        for _, name, schema in parameters(document)
        if isinstance(schema.get("type", ""), str)
    }
    assert types.keys() == {name for _, name, _ in parameters(document)}
    assert types["limit"] == "integer"
    assert {types[name] for name in ("dry_run", "notify", "again")} == {"boolean"}


def test_no_enum_lists_an_empty_value(document: dict[str, Any]) -> None:
    enums = [node["enum"] for _, node in nodes(document) if isinstance(node.get("enum"), list)]
    assert enums
    assert not any("" in values or len(values) != len(set(values)) for values in enums)


def test_every_parameter_has_an_example_or_a_closed_set_of_values(document: dict[str, Any]) -> None:
    without = {
        (path, name)
        for path, name, schema in parameters(document)
        if not (schema.keys() & {"examples", "enum", "default"} or "enum" in schema.get("items", {}))
    }
    assert without == set()


def test_every_json_request_has_example(document: dict[str, Any]) -> None:
    bodies = [
        operation["requestBody"]["content"]["application/json"]
        for operation in operations(document).values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    assert bodies
    assert all(body["example"] for body in bodies)


def test_every_property_has_an_example(document: dict[str, Any]) -> None:
    """Of texts, numbers and booleans; enums and constants need none, and files cannot have one."""
    plain = {"string", "integer", "number", "boolean"}
    without = [
        pointer
        for pointer, node in nodes(document["components"]["schemas"])
        if pointer[-2:-1] == ("properties",)
        and "allOf" not in pointer
        and plain.intersection([node["type"]] if isinstance(node.get("type"), str) else node.get("type", []))
        and not node.keys() & {"examples", "enum", "const", "contentMediaType"}
    ]
    assert without == []


def test_examples_satisfy_their_schemas(document: dict[str, Any]) -> None:
    description = Description(document)
    checked = 0
    for pointer, node in nodes(document):
        is_schema = "type" in node or "anyOf" in node
        for example in node.get("examples", []) if is_schema else []:
            assert description.schema_errors(example, *pointer) == []
            checked += 1
        if "example" in node and "schema" in node:
            assert description.schema_errors(node["example"], *pointer, "schema") == []
            checked += 1
    assert checked > 50


def test_examples_of_a_new_lead_satisfy_the_domain(document: dict[str, Any]) -> None:
    content = document["paths"]["/leads"]["post"]["requestBody"]["content"]
    for media_type in ("application/json", "application/x-www-form-urlencoded"):
        LeadDraft.read(content[media_type]["example"], lambda _: None)
