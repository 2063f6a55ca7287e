"""A person with a browser that knows no JavaScript: follows links, fills in forms, keeps cookies."""

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from typing import Any

from attrs import define, field
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from leadtracker.entrypoints.http.auth.constants import COOKIE

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@define
class Form:
    """A form of a page, as it would be sent if nobody touched it."""

    action: str
    method: str
    values: dict[str, str] = field(factory=dict)


class _Forms(HTMLParser):
    """Collects the forms of a page."""

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
            # Of options of which none is selected, browsers take the first.
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
    """A page that was answered."""

    response: TestResponse

    def __attrs_post_init__(self) -> None:
        with self.response:  # a file would stay open otherwise
            self.response.get_data()

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.response.status_code

    @property
    def html(self) -> str:
        """The page."""
        return self.response.text

    @property
    def title(self) -> str:
        """What the browser's tab shows."""
        found = _TITLE.search(self.html)
        return unescape(found[1]).strip() if found else ""

    @property
    def location(self) -> str:
        """Where the answer leads."""
        return self.response.headers.get("Location", "")

    @property
    def forms(self) -> list[Form]:
        """All forms of the page."""
        parser = _Forms()
        parser.feed(self.html)
        return parser.forms

    def form(self, action: str) -> Form:
        """The form that leads to that address, or else the first whose address begins like that."""
        forms = sorted(self.forms, key=lambda form: form.action != action)
        return next(form for form in forms if form.action.startswith(action))

    def link(self, text: str) -> str:
        """Where the link with that text leads."""
        found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{re.escape(text)}</a>', self.html)
        assert found, f"no link {text!r}"
        return unescape(found[1])


@define
class HtmlClient:
    """Somebody who looks at the pages; see ``HtmlPage``."""

    _client: FlaskClient

    @classmethod
    def of(cls, app: Flask) -> "HtmlClient":
        """A new visitor of an application, without cookies."""
        return cls(app.test_client())

    @property
    def cookie(self) -> str:
        """The cookie that the application gave, as a header sends it."""
        cookie = self._client.get_cookie(COOKIE)
        return f"{COOKIE}={cookie.value}" if cookie else ""

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> HtmlPage:
        """Open a page."""
        return HtmlPage(self._client.get(path, headers=headers))

    def submit(self, form: Form, data: Mapping[str, Any] | None = None, **more: Any) -> HtmlPage:
        """Send a form, with some of its fields filled in anew."""
        values = {**form.values, **(data or {})}
        if form.method == "GET":
            return HtmlPage(self._client.get(form.action, query_string=values, **more))
        return HtmlPage(self._client.post(form.action, data=values, **more))

    def post(self, path: str, data: Mapping[str, Any] | bytes | None = None, **more: Any) -> HtmlPage:
        """Post something without having opened a form."""
        return HtmlPage(self._client.post(path, data=data, **more))

    def sign_in(self, name: str, password: str, path: str = "/sign-in") -> HtmlPage:
        """Fill in the form that asks who it is."""
        form = self.get(path).form("/sign-in")
        return self.submit(form, {"name": name, "password": password})
