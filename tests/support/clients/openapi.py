"""Compare responses with an OpenAPI document, which must describe each of them."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

import jsonschema_rs
from attrs import frozen
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.datastructures import Headers

_DOCUMENT = "urn:openapi"
Validator = jsonschema_rs.Draft202012Validator
_UTC_WITH_MICROSECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


@frozen
class Response:
    """A response as a client received it."""

    method: str
    path: str
    status: int
    headers: Headers
    body: Any
    """The parsed JSON, or else bytes."""

    @property
    def content_type(self) -> str:
        """The media type of the body without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0]


def is_json(content_type: str | None) -> bool:
    """Return True if a body of that media type is one JSON value."""
    return content_type in {"application/json", "application/problem+json"}


class Description:
    """An OpenAPI document with which responses are compared.

    The validator in Rust takes a hundredth of the time of the one in Python, which describes the errors of
    an invalid body.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry = Registry().with_resource(_DOCUMENT, resource)
        self._fast_registry = jsonschema_rs.Registry(
            [(_DOCUMENT, dict(document))], draft=jsonschema_rs.Draft202012
        )
        self._validators: dict[tuple[str, ...], tuple[Validator, Draft202012Validator]] = {}

    def check(self, response: Response) -> None:
        """Compare a response with its description.

        Raises:
            AssertionError: the response is not described, or differs from its description.
        """
        problems = list(self._problems(response))
        if problems:
            message = f"{response.method} {response.path} → {response.status}: {'; '.join(problems)}"
            raise AssertionError(message)

    def schema_errors(self, body: Any, *pointer: str) -> list[str]:
        """Return the errors of ``body`` by the schema at that JSON pointer of the document."""
        if pointer not in self._validators:
            self._validators[pointer] = self._make_validators(pointer)
        fast, validator = self._validators[pointer]
        if fast.is_valid(body):
            return []
        return [f"{error.json_path} {error.message}" for error in validator.iter_errors(body)] or [
            "is invalid"
        ]

    def _make_validators(self, pointer: tuple[str, ...]) -> tuple[Validator, Draft202012Validator]:
        steps = quote("/".join(step.replace("~", "~0").replace("/", "~1") for step in pointer))
        reference = {"$ref": f"{_DOCUMENT}#/{steps}"}
        fast = jsonschema_rs.Draft202012Validator(
            reference, registry=self._fast_registry, formats=_FORMATS, validate_formats=True
        )
        return fast, Draft202012Validator(
            reference, registry=self._registry, format_checker=_format_checker()
        )

    def _problems(self, response: Response) -> Iterator[str]:
        template = self._template(response.path)
        operation = self._document["paths"].get(template, {}).get(response.method.lower())
        if operation is None:
            # Unknown paths and methods get these two statuses, with a problem document.
            if response.status not in {404, 405}:
                yield "the path or method is not described"
            yield from self.schema_errors(response.body, "components", "schemas", "Problem")
            return
        described = operation["responses"].get(str(response.status))
        if described is None:
            yield "the status is not described"
            return
        for name, header in described.get("headers", {}).items():
            if header.get("required") and name not in response.headers:
                yield f"the header {name} is missing"
        if not described.get("content"):
            if response.content_type or response.body:
                yield "the body is not described"
        elif response.content_type not in described["content"]:
            yield f"the type {response.content_type} is not described"
        elif is_json(response.content_type):
            position = ("paths", template, response.method.lower(), "responses", str(response.status))
            yield from self.schema_errors(
                response.body, *position, "content", response.content_type, "schema"
            )

    def _template(self, path: str) -> str:
        paths = self._document["paths"]
        if path in paths:
            return path
        return next((template for template in paths if _matches(template, path)), path)


def _matches(template: str, path: str) -> bool:
    pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in _parts(template))
    return re.fullmatch(pattern, path) is not None


def _parts(template: str) -> list[str]:
    return re.split(r"({[^}]*})", template)


def _is_date_time(text: str) -> bool:
    """Check a timestamp more strictly than RFC 3339 does: LeadTracker writes UTC with microseconds."""
    return bool(_UTC_WITH_MICROSECONDS.fullmatch(text) and datetime.fromisoformat(text))


def _is_email(text: str) -> bool:
    return "@" in text[1:-1]


def _is_uri(text: str) -> bool:
    return bool(urlsplit(text).scheme)


def _holds(check: Callable[[str], bool], text: str) -> bool:
    try:
        return check(text)
    except ValueError:
        return False


_FORMATS: dict[str, Callable[..., bool]] = {
    name: partial(_holds, check)
    for name, check in {"date-time": _is_date_time, "email": _is_email, "uri": _is_uri}.items()
}


def _format_checker() -> FormatChecker:
    checker = FormatChecker(())
    for name, holds in _FORMATS.items():
        checker.checks(name)(lambda value, holds=holds: not isinstance(value, str) or holds(value))
    return checker
