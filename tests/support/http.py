"""A client of the HTTP entrypoint that checks every response."""

import base64
from collections.abc import Mapping
from functools import cache
from typing import Any, Self

import orjson
from attrs import evolve, field, frozen
from flask import Flask

from leadtracker.entrypoints.http.docs.document import openapi_document
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.openapi import Description, Response, is_json

Headers = Mapping[str, str]


@cache
def published_document() -> bytes:
    """Return the OpenAPI document as every application sends it; to make it takes a good part of a second."""
    return orjson.dumps(openapi_document())


@cache
def _published_description() -> Description:
    return Description(orjson.loads(published_document()))


@frozen
class Client:
    """Calls an application, and compares every response with the OpenAPI document and the general rules."""

    _app: Flask
    _description: Description = field(repr=False)
    _headers: Headers = field(factory=dict, repr=False)

    @classmethod
    def of(cls, app: Flask) -> Self:
        """Create a client of the application; every application publishes the same OpenAPI document."""
        return cls(app, _published_description())

    def with_headers(self, headers: Headers) -> Self:
        """Return a client that also sends these headers, such as credentials."""
        return evolve(self, headers={**self._headers, **headers})

    def get(self, path: str, **query: Any) -> Response:
        """Send a GET."""
        return self.request("GET", path, query_string=query)

    def post(self, path: str, json: object = None, **more: Any) -> Response:
        """Send a POST; ``json`` becomes its body."""
        given = {} if json is None else {"data": orjson.dumps(json), "content_type": "application/json"}
        return self.request("POST", path, **(given | more))

    def patch(self, path: str, json: object, headers: Headers | None = None) -> Response:
        """Send a PATCH with a JSON body."""
        return self.request("PATCH", path, headers, data=orjson.dumps(json), content_type="application/json")

    def put(self, path: str, json: object) -> Response:
        """Send a PUT with a JSON body."""
        return self.request("PUT", path, data=orjson.dumps(json), content_type="application/json")

    def delete(self, path: str, **query: Any) -> Response:
        """Send a DELETE."""
        return self.request("DELETE", path, query_string=query)

    def request(self, method: str, path: str, headers: Headers | None = None, **more: Any) -> Response:
        """Send a request with arguments of Werkzeug's test client, and check the response."""
        response = self.unchecked(method, path, headers, **more)
        self._description.check(response)
        check_headers(response)
        return response

    def unchecked(self, method: str, path: str, headers: Headers | None = None, **more: Any) -> Response:
        """Send a request whose response the document does not describe."""
        given = {**self._headers, **(headers or {})}
        response = self._app.test_client(use_cookies=False).open(path, method=method, headers=given, **more)
        with response:
            data = response.get_data()
        body = orjson.loads(data) if is_json(response.mimetype) and method != "HEAD" else data
        return Response(method, path.partition("?")[0], response.status_code, response.headers, body)


def check_headers(response: Response) -> None:
    """Check the rules for all responses.

    Raises:
        AssertionError: something that every such answer has is missing or wrong.
    """
    expected = {
        "X-Request-ID",
        "X-Content-Type-Options",
        "Cache-Control",
        "Referrer-Policy",
        "Content-Security-Policy",
    }
    by_status = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}
    if response.status in by_status:
        expected.add(by_status[response.status])
    missing = {name for name in expected if not response.headers.get(name)}
    if missing:
        message = f"{response.method} {response.path} → {response.status} lacks {', '.join(sorted(missing))}"
        raise AssertionError(message)
    if response.status >= 400:
        check_problem(response)


def check_problem(response: Response) -> None:
    """Check that an error response is a problem document that matches its status.

    Raises:
        AssertionError: the response is not a consistent problem document.
    """
    body = response.body
    is_consistent = (
        response.content_type == "application/problem+json"
        and body["status"] == response.status
        and body["request_id"] == response.headers["X-Request-ID"]
        and body["type"].startswith("urn:leadtracker:problem:")
    )
    if not is_consistent:
        message = f"not a consistent problem document: {response}"
        raise AssertionError(message)


def fields_in(response: Response) -> list[str]:
    """Return the fields with errors in a 422 response."""
    return sorted(error["field"] for error in response.body["errors"])


def basic(name: str, password: str) -> dict[str, str]:
    """Return the headers with a user's name and password."""
    pair = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def session(app: Flask, name: str, password: str) -> dict[str, str]:
    """Return the headers of a browser after a sign-in: its cookie, and the CSRF token of a page."""
    html_client = HtmlClient.of(app)
    html_client.sign_in(name, password)
    token = html_client.get("/dashboard").form("/sign-out").values["csrf_token"]
    return {"Cookie": html_client.cookie, "X-CSRF-Token": token}


def api_key(secret: str) -> dict[str, str]:
    """Return the headers with an API key."""
    return {"X-API-Key": secret}


def bearer(secret: str) -> dict[str, str]:
    """Return the headers with an API key as a bearer token."""
    return {"Authorization": f"Bearer {secret}"}
