"""``REQUIRED_FIELDS``: what anonymous clients must give besides a name and an address or a number."""

import pytest
from flask import Flask

from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import Accounts, MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.database import on_sqlite
from tests.support.examples.cases import each
from tests.support.http import Client, fields_in

pytestmark = on_sqlite


@pytest.fixture
def app(make_container: MakeContainer) -> Flask:
    return create_app(make_container(required_fields="phone, message consent"))


def test_missing_required_fields_are_all_named(public: Client) -> None:
    response = public.post("/leads", make_fields())
    assert (response.status, fields_in(response)) == (422, ["consent", "message", "phone"])


def test_complete_lead_is_taken(public: Client) -> None:
    fields = make_fields(phone="+49 30 901820", message="Please call.", consent=True)
    assert public.post("/leads", fields).status == 201


@each("value", [False, "false", "0", 0, " No ", "off", "nein", "", None, [], ["0", "no"], {}])
def test_refused_consent_is_none(public: Client, value: object) -> None:
    fields = make_fields(phone="+49 30 901820", message="Please call.", consent=value)
    assert fields_in(public.post("/leads", fields)) == ["consent"]


@each("value", [["0", "1"], "on", "yes", "I agree", 1])
def test_any_other_value_is_consent(public: Client, value: object) -> None:
    fields = make_fields(phone="+49 30 901820", message="Please call.", consent=value)
    assert public.post("/leads", fields).status == 201


def test_users_may_leave_them_out(public: Client, accounts: Accounts) -> None:
    assert accounts.client(public, Role.AGENT).post("/leads", make_fields()).status == 201


def test_form_asks_for_them(app: Flask) -> None:
    html = HtmlClient.of(app).get("/").html
    for name in ("first_name", "phone", "consent"):
        assert f'name="{name}"' in html
    assert html.count(" required") == 4
