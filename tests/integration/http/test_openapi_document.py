"""The OpenAPI document is valid, and describes what is there, all of it and nothing else."""

import re
from collections import Counter
from typing import Any

import orjson
import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from leadtracker.container import Container
from leadtracker.domain.model.leads.lead_draft import LeadDraft
from leadtracker.entrypoints.http.app import create_app
from leadtracker.entrypoints.http.openapi.document import openapi_document
from leadtracker.settings import Settings
from tests.integration.http.conftest import SECRET_KEY
from tests.support.openapi import Description
from tests.support.routes import api_routes

NOT_DESCRIBED = {("GET", "/docs/{name}")}
"""Files of the page at /docs."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as it goes over the wire."""
    wire: dict[str, Any] = orjson.loads(orjson.dumps(openapi_document()))
    return wire


@pytest.fixture
def app() -> Flask:
    """The application; it is not asked anything that would need its database."""
    return create_app(Container(settings=Settings(secret_key=SECRET_KEY)))


def operations(document: dict[str, Any]) -> dict[tuple[str, str], Any]:
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


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


def test_what_needs_credentials_says_that_it_may_be_rejected(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        if operation["security"] != [{}]:
            assert {"401", "403", "429", "503"} <= set(operation["responses"])


def test_every_component_is_used(document: dict[str, Any]) -> None:
    used = set(re.findall(r'"\$ref":"#/components/schemas/(\w+)"', orjson.dumps(document).decode()))
    assert used == set(document["components"]["schemas"])


def test_example_satisfies_schema_and_domain(document: dict[str, Any]) -> None:
    content = document["paths"]["/leads"]["post"]["requestBody"]["content"]
    example = content["application/json"]["example"]
    assert Description(document).schema_errors(example, "components", "schemas", "NewLead") == []
    LeadDraft.read(example, lambda _: None)
