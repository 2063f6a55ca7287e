"""A client of the HTTP entrypoint that trusts no answer."""

import base64
from collections.abc import Mapping
from typing import Any, Self

import orjson
from attrs import evolve, field, frozen
from flask import Flask

from tests.support.html_client import HtmlClient
from tests.support.openapi import Description, Response, is_json

Headers = Mapping[str, str]


@frozen
class Client:
    """Calls an application; every answer must be as the OpenAPI document says, and as all answers are."""

    _app: Flask
    _description: Description = field(repr=False)
    _headers: Headers = field(factory=dict, repr=False)

    @classmethod
    def of(cls, app: Flask) -> Self:
        """A client of the application, held against the document that it publishes."""
        return cls(app, Description(app.test_client().get("/openapi.json").get_json()))

    def with_headers(self, headers: Headers) -> Self:
        """A client that sends these headers, too, such as credentials."""
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

    def delete(self, path: str, **query: Any) -> Response:
        """Send a DELETE."""
        return self.request("DELETE", path, query_string=query)

    def request(self, method: str, path: str, headers: Headers | None = None, **more: Any) -> Response:
        """Send a request as Werkzeug's test client takes it, and check the answer."""
        response = self.unchecked(method, path, headers, **more)
        self._description.check(response)
        check_headers(response)
        return response

    def unchecked(self, method: str, path: str, headers: Headers | None = None, **more: Any) -> Response:
        """Send a request whose answer is not described, for instance because of a planted bug."""
        given = {**self._headers, **(headers or {})}
        response = self._app.test_client(use_cookies=False).open(path, method=method, headers=given, **more)
        with response:
            data = response.get_data()
        body = orjson.loads(data) if is_json(response.mimetype) and method != "HEAD" else data
        return Response(method, path.partition("?")[0], response.status_code, response.headers, body)


def check_headers(response: Response) -> None:
    """Check what holds for all answers.

    Raises:
        AssertionError: something that every such answer has is missing or wrong.
    """
    expected = {"X-Request-ID", "X-Content-Type-Options", "Cache-Control", "Referrer-Policy"}
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
    """Check that an answer is a problem document about itself.

    Raises:
        AssertionError: it is not.
    """
    body = response.body
    about_itself = (
        response.content_type == "application/problem+json"
        and body["status"] == response.status
        and body["request_id"] == response.headers["X-Request-ID"]
        and body["type"].startswith("urn:leadtracker:problem:")
    )
    if not about_itself:
        message = f"no problem document about itself: {response}"
        raise AssertionError(message)


def fields_in(response: Response) -> list[str]:
    """The fields that a 422 complains about."""
    return sorted(error["field"] for error in response.body["errors"])


def basic(name: str, password: str) -> dict[str, str]:
    """The credentials of a user."""
    pair = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def session(app: Flask, name: str, password: str) -> dict[str, str]:
    """The credentials of a browser in which a user signed in: its cookie, and the token of a page."""
    html_client = HtmlClient.of(app)
    html_client.sign_in(name, password)
    token = html_client.get("/dashboard").form("/sign-out").values["csrf_token"]
    return {"Cookie": html_client.cookie, "X-CSRF-Token": token}


def api_key(secret: str) -> dict[str, str]:
    """The credentials of a program."""
    return {"X-API-Key": secret}


def bearer(secret: str) -> dict[str, str]:
    """The credentials of a program, in the other way to send them."""
    return {"Authorization": f"Bearer {secret}"}
