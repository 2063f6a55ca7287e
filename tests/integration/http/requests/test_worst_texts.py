"""The worst texts of the largest size that a route accepts, in every part of a request: none takes long."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from attrs import field, frozen
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.leads.fields import MAX_MESSAGE_LENGTH
from leadtracker.entrypoints.http.app import create_app
from leadtracker.entrypoints.http.requests.body import MAX_BODY_BYTES
from leadtracker.entrypoints.wsgi_adapter.environ import MAX_ADDRESS_BYTES
from leadtracker.entrypoints.wsgi_adapter.environ import MAX_HEADER_BYTES as MAX_HEADERS_BYTES
from tests.integration.http.conftest import PHRASE, Accounts, MakeContainer, Way
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.multipart import MULTIPART, fields_of, file_part, form, lead_form
from tests.support.clients.public_form import BROWSER
from tests.support.database import on_sqlite
from tests.support.examples.worst_texts import WORST_TEXTS, processor_time_below
from tests.support.http import Client

pytestmark = on_sqlite

MAX_REQUEST_SECONDS = 0.4
"""Of processor time, generous for busy machines; some took 19 before lengths were checked first."""

TEXTS = {
    name: WORST_TEXTS[name]
    for name in (
        "marks in the wrong order",
        "the longest compatibility decomposition",
        "different ideographs",
        "spaces inside",
    )
}
"""A few of them; those that only the rules of text could mind are tried there."""

ROOM_FOR_THE_REST = 2_000
"""Bytes of a body beside the text."""

MAX_QUERY_BYTES = MAX_ADDRESS_BYTES - 200
MAX_HEADER_BYTES = MAX_HEADERS_BYTES - 1_000
"""The server accepts no more, with the path and the other headers."""

LEAD_FIELDS = ("first_name", "last_name", "email", "phone", "message", "source", "resume")
FORM_FIELDS = ("form_token", "leave_this_empty", "consent", "redirect_to", "unknown")
PATCH_FIELDS = (*LEAD_FIELDS[:-1], "state", "duplicate_of", "unknown")
CSV_COLUMNS = (*LEAD_FIELDS[:-1], "state", "created_at", "unknown")
LISTS = {
    "/leads": (
        *("q", "email", "source", "state", "created_from", "created_to", "follow_up", "duplicate_of"),
        *("duplicates", "sort", "cursor", "limit", "unknown"),
    ),
    "/leads/export": ("q", "email", "source", "created_from", "unknown"),
    "/follow-ups": ("status", "cursor", "limit", "unknown"),
    "/deliveries": ("state", "cursor", "limit", "unknown"),
    "/quarantine": ("cursor", "limit", "unknown"),
    "/reports/weekly": ("cursor", "limit", "unknown"),
    "/stats": ("from", "to", "unknown"),
    "/users": ("unknown",),
    "/api-keys": ("unknown",),
    "/dashboard/leads": ("q", "email", "source", "state", "cursor", "unknown"),
    "/": ("source", "utm_source", "utm_medium", "utm_campaign"),
    "/sign-in": ("next",),
}
HEADERS = (
    *("Accept", "Accept-Language", "Authorization", "Content-Disposition", "Cookie", "Forwarded", "Host"),
    *("Idempotency-Key", "If-Match", "If-None-Match", "Origin", "Referer", "User-Agent", "X-API-Key"),
    *("X-CSRF-Token", "X-Forwarded-For", "X-Forwarded-Host", "X-Request-ID"),
)


@frozen
class Sent:
    """A request and its client."""

    label: str
    client: Client
    method: str
    path: str
    headers: Mapping[str, str] = field(factory=dict)
    more: Mapping[str, Any] = field(factory=dict)


@frozen
class Senders:
    """The clients that can send text, and the lead that it is about."""

    public: Client
    admin: Client
    browser: Client
    lead_id: str


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(login_rate_limit="off", redirect_origins="https://shop.example")


@pytest.fixture
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def senders(public: Client, admin: Client, accounts: Accounts, lead: dict[str, Any]) -> Senders:
    browser = public.with_headers(accounts.credentials(Role.ADMIN, Way.SESSION))
    for path in ("/", "/sign-in", "/dashboard/leads"):
        browser.unchecked("GET", path)  # their templates are compiled once
    return Senders(public, admin, browser, lead["id"])


def filled(make: Callable[[int], str], max_bytes: int, encode: Callable[[str], bytes] = str.encode) -> str:
    """The longest such text of at most so many bytes."""
    bytes_each = len(encode(make(3_000))) / 3_000
    text = make(int(max_bytes / bytes_each))
    while len(encode(text)) > max_bytes:
        text = text[: -len(text) // 100]
    return text


def as_json(document: object) -> dict[str, Any]:
    return {"data": json.dumps(document, ensure_ascii=False).encode(), "content_type": "application/json"}


def as_form(fields: Mapping[str, object]) -> dict[str, Any]:
    return {"data": urlencode(fields).encode(), "content_type": "application/x-www-form-urlencoded"}


def bodies(senders: Senders, make: Callable[[int], str]) -> Iterator[Sent]:
    text = filled(
        make, MAX_BODY_BYTES - ROOM_FOR_THE_REST, lambda text: json.dumps(text, ensure_ascii=False).encode()
    )
    encoded = filled(make, MAX_BODY_BYTES - ROOM_FOR_THE_REST, lambda text: quote(text).encode())
    longest = make(MAX_MESSAGE_LENGTH)
    leads, one_lead = "/leads", f"/leads/{senders.lead_id}"
    for name in (*LEAD_FIELDS, *FORM_FIELDS):
        entered, spelled = make_fields(**{name: text}), make_fields(**{name: encoded})
        parts = {"data": form(*fields_of(entered)), "content_type": MULTIPART}
        yield Sent(f"JSON {name}", senders.public, "POST", leads, more=as_json(entered))
        yield Sent(f"form {name}", senders.public, "POST", leads, BROWSER, as_form(spelled))
        yield Sent(f"multipart {name}", senders.public, "POST", leads, more=parts)
    yield Sent("unknown member", senders.public, "POST", leads, more=as_json({text: text[:100]}))
    yield Sent("longest message", senders.public, "POST", leads, more=as_json(make_fields(message=longest)))
    for name in PATCH_FIELDS:
        yield Sent(f"PATCH {name}", senders.admin, "PATCH", one_lead, more=as_json({name: text}))
    for name in ("text", "unknown"):
        yield Sent(f"note {name}", senders.admin, "POST", f"{one_lead}/notes", more=as_json({name: text}))
    for name in ("due_at", "note", "message", "unknown"):
        yield Sent(
            f"follow-up {name}", senders.admin, "POST", f"{one_lead}/follow-up", more=as_json({name: text})
        )
    for ids, state in (([text], "LOST"), ([text[:1_000]] * 200, text[:1_000]), ([senders.lead_id], text)):
        yield Sent("bulk", senders.admin, "POST", "/leads/bulk", more=as_json({"ids": ids, "state": state}))


def file_names(senders: Senders, make: Callable[[int], str]) -> Iterator[Sent]:
    text = filled(make, MAX_BODY_BYTES - ROOM_FOR_THE_REST).replace('"', "'")
    one_lead = f"/leads/{senders.lead_id}/resume"
    for name in (text, f"cv{text}.txt", f"cv.{text}"):
        sent = {"data": lead_form(file_part(b"hello", name)), "content_type": MULTIPART}
        yield Sent("file name", senders.public, "POST", "/leads", more=sent)
        yield Sent("file name", senders.public, "POST", "/leads", BROWSER, sent)
        yield Sent("new file name", senders.admin, "PUT", one_lead, more=sent)
        query = f"{one_lead}?filename={quote(name)}"[:MAX_QUERY_BYTES]
        yield Sent("queried file name", senders.admin, "PUT", query, more={"data": b"hello"})
    spelled = quote(filled(make, MAX_HEADER_BYTES, lambda text: quote(text).encode()))
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{spelled}"}
    yield Sent("file name in a header", senders.admin, "PUT", one_lead, disposition, {"data": b"hello"})


def accounts_of(senders: Senders, make: Callable[[int], str]) -> Iterator[Sent]:
    text = filled(
        make, MAX_BODY_BYTES - ROOM_FOR_THE_REST, lambda text: json.dumps(text, ensure_ascii=False).encode()
    )
    user = {"name": "bob", "role": "agent", "password": "correct horse battery", "email": "bob@example.com"}
    for name in (*user, "unknown"):
        yield Sent(f"user {name}", senders.admin, "POST", "/users", more=as_json(user | {name: text}))
        yield Sent(f"user's {name}", senders.admin, "PATCH", "/users/bob", more=as_json({name: text}))
    key = {"name": "website", "role": "agent"}
    for name in (*key, "unknown"):
        yield Sent(f"API key {name}", senders.admin, "POST", "/api-keys", more=as_json(key | {name: text}))
    yield Sent("user in a path", senders.admin, "GET", f"/users/{quote(text)}"[:MAX_QUERY_BYTES])
    for pair in (f"{text}:x", f"x:{text}"):
        token = base64.b64encode(pair.encode()).decode()
        yield Sent("Basic", senders.public, "GET", "/leads", {"Authorization": f"Basic {token}"})


def queries(senders: Senders, make: Callable[[int], str]) -> Iterator[Sent]:
    text = filled(make, MAX_QUERY_BYTES, lambda text: quote(text).encode())
    for path, names in LISTS.items():
        for name in names:
            client = senders.browser if path.startswith(("/dashboard", "/sign-in")) else senders.admin
            yield Sent(f"query {name}", client, "GET", path, more={"query_string": {name: text}})


def headers(senders: Senders, make: Callable[[int], str]) -> Iterator[Sent]:
    text = filled(make, MAX_HEADER_BYTES).encode().decode("latin-1")
    for name in HEADERS:
        for method, path, more in (("GET", "/", {}), ("POST", "/leads", as_json(make_fields()))):
            yield Sent(name, senders.public, method, path, {name: text}, more)


def check_quick(sent: Sent) -> int:
    with processor_time_below(MAX_REQUEST_SECONDS, f"{sent.label} ({sent.method} {sent.path[:60]})"):
        response = sent.client.unchecked(sent.method, sent.path, sent.headers, **sent.more)
    assert response.status < 500, sent.label
    return response.status


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("requests", [bodies, file_names, accounts_of, queries, headers])
def test_the_worst_text_anywhere_is_answered_quickly(
    senders: Senders,
    requests: Callable[[Senders, Callable[[int], str]], Iterator[Sent]],
    make: Callable[[int], str],
) -> None:
    for sent in requests(senders, make):
        check_quick(sent)


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS.keys())
def test_the_worst_cell_of_a_csv_file_is_answered_quickly(
    senders: Senders, make: Callable[[int], str]
) -> None:
    for column in CSV_COLUMNS:
        cells = make_fields(**{column: make(30_000).replace('"', "'")})
        rows = [",".join(cells), ",".join(f'"{cell}"' for cell in cells.values())]
        body = {"data": "\r\n".join([*rows, ""]).encode(), "content_type": "text/csv"}
        assert check_quick(Sent(f"cell {column}", senders.admin, "POST", "/leads/import", more=body)) == 200


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("name", ["name", "password", "next"])
def test_the_worst_text_in_the_sign_in_form_is_answered_quickly(
    app: Flask, make: Callable[[int], str], name: str
) -> None:
    html_client = HtmlClient.of(app)
    sign_in = html_client.get("/sign-in").form("/sign-in")
    text = filled(make, MAX_BODY_BYTES - ROOM_FOR_THE_REST, lambda text: quote(text).encode())
    body = as_form(sign_in.values | {"name": "ann", "password": "x"} | {name: text})
    with processor_time_below(MAX_REQUEST_SECONDS, name):
        assert html_client.post("/sign-in", **body).status == 401


def test_the_worst_targets_of_redirects_are_rejected_quickly(app: Flask, container: Container) -> None:
    container.manage_users().add(OPERATOR, "ann", Role.ADMIN, PHRASE)
    make, html_client = WORST_TEXTS["a host of marks"], HtmlClient.of(app)
    target = filled(make, MAX_BODY_BYTES - ROOM_FOR_THE_REST, lambda text: quote(text).encode())
    form_of_another_site = as_form(make_fields(redirect_to=target))
    with processor_time_below(MAX_REQUEST_SECONDS, "redirect_to"):
        assert html_client.post("/leads", **form_of_another_site, headers=BROWSER).location == "/thanks"
    sign_in = html_client.get("/sign-in").form("/sign-in").values
    credentials = as_form(sign_in | {"name": "ann", "password": PHRASE, "next": target})
    with processor_time_below(MAX_REQUEST_SECONDS, "next"):
        assert html_client.post("/sign-in", **credentials).location == "/dashboard"
