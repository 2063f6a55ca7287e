"""A browser without JavaScript, over Flask's test client: follows links, fills in forms, keeps cookies."""

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from typing import Any

from attrs import define, field
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from leadtracker.entrypoints.http.auth.login_sessions import COOKIE

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@define
class Form:
    """A form of a page with the values that a browser sends if the user changes none."""

    action: str
    method: str
    values: dict[str, str] = field(factory=dict)


class _Forms(HTMLParser):
    """Collect the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside: Form | None = None
        self._textarea: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = Form(given.get("action", ""), given.get("method", "get").upper())
            self.forms.append(self._inside)
        if self._inside is None:
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") not in {"file", "submit"}:
            is_choice = given.get("type") in {"checkbox", "radio"}
            if not is_choice or "checked" in given:
                self._inside.values[name] = given.get("value", "on" if is_choice else "")
        elif tag == "textarea":
            self._textarea = name
            self._inside.values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select is not None:
            # If no option is selected, browsers send the first one.
            if "selected" in given:
                self._inside.values[self._select] = given.get("value", "")
            self._inside.values.setdefault(self._select, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._inside is not None and self._textarea:
            self._inside.values[self._textarea] += data


@define
class HtmlPage:
    """A response, read as a page."""

    response: TestResponse

    def __attrs_post_init__(self) -> None:
        with self.response:  # closes a file that is sent
            self.response.get_data()

    @property
    def status(self) -> int:
        """The HTTP status of the response."""
        return self.response.status_code

    @property
    def html(self) -> str:
        """The body of the response as text, without places where a line may break within a word."""
        return self.response.text.replace("<wbr>", "")

    @property
    def title(self) -> str:
        """The title of the page."""
        found = _TITLE.search(self.html)
        return unescape(found[1]).strip() if found else ""

    @property
    def location(self) -> str:
        """The URL that the response redirects to; empty if it is no redirect."""
        return self.response.headers.get("Location", "")

    @property
    def forms(self) -> list[Form]:
        """The forms of the page, in document order."""
        parser = _Forms()
        parser.feed(self.html)
        return parser.forms

    def form(self, action: str) -> Form:
        """Return the form with that action, or else the first form whose action starts with it.

        Of several with that action, the one that changes something is returned.
        """
        forms = sorted(self.forms, key=lambda form: (form.action != action, form.method != "POST"))
        return next(form for form in forms if form.action.startswith(action))

    def link(self, text: str) -> str:
        """Return the URL of the link with that text.

        Raises:
            AssertionError: the page has no such link.
        """
        found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{re.escape(text)}</a>', self.html)
        assert found, f"no link {text!r}"
        return unescape(found[1])


@define
class HtmlClient:
    """A browser with its own cookies; every request returns an ``HtmlPage``."""

    _client: FlaskClient

    @classmethod
    def of(cls, app: Flask) -> "HtmlClient":
        """Create a client of an application, without cookies."""
        return cls(app.test_client())

    @property
    def cookie(self) -> str:
        """The session cookie as the value of a ``Cookie`` header; empty if there is none."""
        cookie = self._client.get_cookie(COOKIE)
        return f"{COOKIE}={cookie.value}" if cookie else ""

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> HtmlPage:
        """Open a page."""
        return HtmlPage(self._client.get(path, headers=headers))

    def submit(self, form: Form, data: Mapping[str, Any] | None = None, **more: Any) -> HtmlPage:
        """Send a form; ``data`` replaces the values of some of its fields."""
        values = {**form.values, **(data or {})}
        if form.method == "GET":
            return HtmlPage(self._client.get(form.action, query_string=values, **more))
        return HtmlPage(self._client.post(form.action, data=values, **more))

    def submit_and_answer(self, form: Form) -> HtmlPage:
        """Send a form whose effect cannot be undone, and that of the page that asks whether it is meant."""
        return self.submit(self.submit(form).form(form.action))

    def post(self, path: str, data: Mapping[str, Any] | bytes | None = None, **more: Any) -> HtmlPage:
        """Send a POST request without loading a form first."""
        return HtmlPage(self._client.post(path, data=data, **more))

    def sign_in(self, name: str, password: str, path: str = "/sign-in") -> HtmlPage:
        """Load the sign-in page and send its form."""
        form = self.get(path).form("/sign-in")
        return self.submit(form, {"name": name, "password": password})
