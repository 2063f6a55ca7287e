"""Malicious bodies are rejected with an error, or stored; no body gets another response."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.clients.openapi import Response
from tests.support.database import on_every_database
from tests.support.examples.thoroughness import examples
from tests.support.http import Client
from tests.support.raw_database import RawDatabase

EXPECTED = {201, 400, 411, 413, 415, 422}
FIELDS = ("first_name", "last_name", "email", "phone", "message", "source", "state", "id", "created_at")

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
addresses = st.emails() | st.from_regex(r"[^@\s]{1,70}@[^@\s]{1,70}\.[a-z]{2,5}", fullmatch=True) | st.text()
phones = st.from_regex(r"[+(]?[0-9 ()/.-]{1,42}", fullmatch=True) | st.text(max_size=50)
leads = st.fixed_dictionaries(
    {"first_name": st.text(), "last_name": st.text(), "email": addresses},
    optional={"phone": phones, "message": st.text(), "source": st.text()},
)
documents = json_values | leads | st.dictionaries(st.sampled_from(FIELDS), json_values | addresses)
types = st.sampled_from(
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/json; charset=\x00",
        "application/json; charset*=utf-8''%FF",
        ";",
    ]
) | st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40)
forms = st.text("abcdefgz_=&%+;0123456789AFé\x00", max_size=200).map(str.encode)
hostile = settings(
    max_examples=examples(75),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check_kept_or_rejected(response: Response, before: int, raw_db: RawDatabase) -> None:
    assert response.status in EXPECTED
    assert raw_db.count("leads") == before + (response.status == 201)


@hostile
@given(body=st.binary(max_size=300) | forms, content_type=types)
def test_any_bytes_are_handled(public: Client, raw_db: RawDatabase, body: bytes, content_type: str) -> None:
    before = raw_db.count("leads")
    response = public.post("/leads", data=body, content_type=content_type)
    check_kept_or_rejected(response, before, raw_db)


@on_every_database
@hostile
@given(document=documents)
def test_any_json_is_handled(public: Client, raw_db: RawDatabase, document: Any) -> None:
    before = raw_db.count("leads")
    response = public.post("/leads", data=json.dumps(document), content_type="application/json")
    check_kept_or_rejected(response, before, raw_db)


@hostile
@given(fields=leads)
def test_any_form_is_handled(public: Client, raw_db: RawDatabase, fields: dict[str, str]) -> None:
    before = raw_db.count("leads")
    response = public.post("/leads", data=fields, content_type="application/x-www-form-urlencoded")
    check_kept_or_rejected(response, before, raw_db)


@on_every_database
@hostile
@given(fields=leads)
def test_stored_values_can_be_shown(public: Client, viewer: Client, fields: dict[str, str]) -> None:
    created = public.post("/leads", fields)
    if created.status == 201:
        shown = viewer.get(f"/leads/{created.body['id']}").body
        assert shown | {"duplicate_of": None} == created.body


@hostile
@given(
    path=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    query=st.dictionaries(st.sampled_from(["limit", "cursor", "state", "email", "x"]) | st.text(), st.text()),
)
def test_any_path_and_query_are_handled(viewer: Client, path: str, query: dict[str, str]) -> None:
    for prefix in ("/leads/", "/", "/reports/weekly/"):
        response = viewer.unchecked("GET", prefix + path.lstrip("/\\").replace("?", "").replace("#", ""))
        assert response.status in {200, 400, 403, 404, 405}
    assert viewer.unchecked("GET", "/leads", query_string=query).status in {200, 422}
