"""``POST /leads`` from pages of other sites, in browsers that send a user's cookie or password along.

Anyone may send a lead from any site. It must then count as sent by anyone: a page of another site must not
act as the user whose browser shows it.
"""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from flask import Flask

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.conftest import Accounts, Way
from tests.support.builders import make_fields
from tests.support.clients.multipart import MULTIPART, fields_of, file_part, form
from tests.support.database import on_sqlite
from tests.support.examples.sample_files import PDF
from tests.support.http import Client, Headers

pytestmark = on_sqlite

FORM = "application/x-www-form-urlencoded"
OTHER_SITE = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
FETCH_METADATA = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
PAGE = {"Accept": "text/html,application/xhtml+xml"}
TRAP = "leave_this_empty"
FIELDS = make_fields(message="Call me")

Fields = Mapping[str, object]
Encoded = tuple[str, bytes]
Encode = Callable[[Fields], Encoded]


def as_json(fields: Fields) -> Encoded:
    return "application/json", orjson.dumps(fields)


def as_form(fields: Fields) -> Encoded:
    return FORM, urlencode(fields).encode()


def as_parts(fields: Fields) -> Encoded:
    return MULTIPART, form(*fields_of(fields))


def as_upload(fields: Fields) -> Encoded:
    return MULTIPART, form(*fields_of(fields), file_part(PDF))


def as_text(fields: Fields) -> Encoded:
    return "text/plain", orjson.dumps(fields)


BODIES: list[Encode] = [as_json, as_form, as_parts, as_upload]
"""How a lead can be sent; `as_text` is the third type that a form of another site can have."""

ACCEPTED: list[Headers] = [{}, PAGE]


@pytest.fixture(params=[Way.SESSION, Way.BASIC])
def remembered(request: pytest.FixtureRequest, accounts: Accounts) -> dict[str, str]:
    """The proof that the browser of an admin sends with each request: the cookie, or the password."""
    headers = {**accounts.credentials(Role.ADMIN, request.param)}
    headers.pop("X-CSRF-Token", None)  # only scripts of our own pages know it
    return headers


def senders(admin: Client) -> list[tuple[str, str | None]]:
    """Return who sent each lead, and its owner."""
    leads: list[dict[str, Any]] = admin.get("/leads", duplicates="include").body
    histories = [admin.get(f"/leads/{lead['id']}/history").body for lead in leads]
    return [(history[0]["actor"], lead["owner"]) for history, lead in zip(histories, leads, strict=True)]


def post(app: Flask, encoded: Encoded, headers: Headers) -> int:
    content_type, body = encoded
    client = app.test_client(use_cookies=False)
    return client.post("/leads", data=body, content_type=content_type, headers=headers).status_code


@pytest.mark.parametrize("metadata", [{}, FETCH_METADATA], ids=["old browser", "fetch metadata"])
def test_lead_from_another_site_is_sent_by_anyone(
    app: Flask, admin: Client, remembered: Headers, metadata: Headers
) -> None:
    for number, (encode, accept) in enumerate(product(BODIES, ACCEPTED)):
        headers = {**remembered, **OTHER_SITE, **metadata, **accept}
        fields = make_fields(f"p{number}@example.com")
        assert post(app, encode(fields), headers) in {201, 303}
        # The trap is for anyone: users and API clients may fill the field.
        assert post(app, encode(fields | {TRAP: "x"}), headers) in {201, 303}
    assert senders(admin) == [("public", None)] * (len(BODIES) * len(ACCEPTED))


def test_parameters_of_users_have_no_effect_from_another_site(
    app: Flask, admin: Client, remembered: Headers
) -> None:
    client = app.test_client(use_cookies=False)
    for _ in range(2):
        response = client.post(
            "/leads?duplicates=reject&notify=false",
            data=urlencode(FIELDS),
            content_type=FORM,
            headers={**remembered, **OTHER_SITE, **FETCH_METADATA},
        )
        assert response.status_code == 201
    assert senders(admin) == [("public", None)] * 2


def test_text_from_another_site_is_no_lead(app: Flask, admin: Client, remembered: Headers) -> None:
    assert post(app, as_text(FIELDS), {**remembered, **OTHER_SITE, **FETCH_METADATA}) == 415
    assert senders(admin) == []


def test_forged_token_makes_no_user(app: Flask, admin: Client, accounts: Accounts) -> None:
    forged = {**accounts.credentials(Role.ADMIN, Way.SESSION), "X-CSRF-Token": "forged", **OTHER_SITE}
    for encode in BODIES:
        assert post(app, encode(FIELDS | {"csrf_token": "forged"}), forged) in {201, 303}
    assert senders(admin) == [("public", None)] * len(BODIES)


@pytest.mark.parametrize("way", [Way.SESSION, Way.BASIC])
def test_lead_from_our_own_page_is_sent_by_the_user(
    app: Flask, admin: Client, accounts: Accounts, way: Way
) -> None:
    headers = {**accounts.credentials(Role.ADMIN, way), "Sec-Fetch-Site": "same-origin"}
    for number, encode in enumerate(BODIES):
        assert post(app, encode(make_fields(f"p{number}@example.com") | {TRAP: "x"}), headers) == 201
    assert {actor for actor, _ in senders(admin)} == {f"user:{Role.ADMIN} with {way}"}
    assert len(senders(admin)) == len(BODIES)
