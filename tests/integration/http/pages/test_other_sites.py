"""Other sites: their forms, their frames around ours, and their scripts."""

from datetime import timedelta

import pytest
from flask import Flask

from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import MakeContainer
from tests.support.builders import make_fields
from tests.support.html_client import Visitor
from tests.support.http import Client
from tests.support.kinds import on_sqlite
from tests.support.memory.clock import MemoryClock
from tests.support.public import LONG_ENOUGH, only_lead, send_foreign_form, send_form

pytestmark = on_sqlite


@pytest.fixture
def app(make_container: MakeContainer) -> Flask:
    return create_app(
        make_container(
            cors_origins="https://shop.example",
            embed_origins="https://a.example, https://b.example",
            redirect_origins="https://shop.example",
        )
    )


def test_a_form_with_other_fields_is_taken_in(visitor: Visitor, viewer: Client) -> None:
    fields = make_fields(company="ACME", website="https://acme.example", id="7", state="LOST")
    sent = send_foreign_form(visitor, fields, Referer="https://www.acme.example/contact")
    assert (sent.status, sent.location) == (303, "/thanks")
    assert (only_lead(viewer)["source"], only_lead(viewer)["state"]) == ("www.acme.example", "PENDING")


@pytest.mark.parametrize(
    ("target_url", "location"),
    [
        ("https://shop.example/danke?a=b", "https://shop.example/danke?a=b"),
        ("HTTPS://Shop.Example/x", "https://shop.example/x"),
        ("https://shop.example.evil.example/", "/thanks"),
        ("https://shop.example@evil.example/", "/thanks"),
        ("https://evil.example\\@shop.example/", "/thanks"),
        ("http://shop.example/", "/thanks"),
        ("//shop.example/", "/thanks"),
        ("https://[shop.example", "/thanks"),
        ("javascript:alert(1)", "/thanks"),
        ("https://shop.example/\r\nX: 1", "/thanks"),
        ("/dashboard", "/thanks"),
        ("", "/thanks"),
    ],
)
def test_people_are_sent_back_only_to_sites_we_know(visitor: Visitor, target_url: str, location: str) -> None:
    sent = send_foreign_form(visitor, make_fields(redirect_to=target_url))
    assert (sent.status, sent.location) == (303, location)


def test_where_to_go_back_is_kept_while_something_is_mended(visitor: Visitor) -> None:
    back = "https://shop.example/danke"
    wrong = send_foreign_form(visitor, make_fields("nobody", redirect_to=back))
    assert wrong.status == 422
    assert send_form(visitor, wrong).location == back


def test_the_embedded_form_and_its_responses_can_be_framed_by_those_sites(
    visitor: Visitor, clock: MemoryClock
) -> None:
    page = visitor.get("/form/embed")
    clock.advance(timedelta(seconds=LONG_ENOUGH))
    wrong, sent = send_form(visitor, page, {"email": ""}), send_form(visitor, page)
    thanks = visitor.get(sent.location)
    assert (wrong.status, sent.location) == (422, "/form/embed/thanks")
    for seen in (page, wrong, thanks):
        policy = seen.response.headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors https://a.example https://b.example")
        assert "X-Frame-Options" not in seen.response.headers
    for path in ("/", "/thanks", "/sign-in"):
        headers = visitor.get(path).response.headers
        assert headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
        assert headers["X-Frame-Options"] == "DENY"


def test_a_script_of_a_site_we_know_may_send_leads(app: Flask) -> None:
    client, origin = app.test_client(), {"Origin": "https://shop.example"}
    requested = client.options("/leads", headers=origin | {"Access-Control-Request-Method": "POST"})
    assert requested.status_code == 200
    assert requested.headers["Access-Control-Allow-Methods"] == "POST"
    assert "Content-Type" in requested.headers["Access-Control-Allow-Headers"]
    for fields, status in ((make_fields(), 201), ({}, 422)):
        response = client.post("/leads", json=fields, headers=origin)
        assert response.status_code == status
        assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert "Location" in response.headers["Access-Control-Expose-Headers"]
        assert "Origin" in response.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "https://shop.example:444"])
def test_a_script_of_any_other_site_learns_nothing(app: Flask, origin: str) -> None:
    client, headers = app.test_client(), {"Origin": origin, "Access-Control-Request-Method": "POST"}
    responses = [client.options("/leads", headers=headers), client.post("/leads", json={}, headers=headers)]
    for response in responses:
        assert not [name for name in response.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118 - these are no dict
        assert "Origin" in response.headers["Vary"]


def test_nobody_may_read_leads_from_elsewhere(app: Flask) -> None:
    response = app.test_client().get("/leads", headers={"Origin": "https://shop.example"})
    assert "Access-Control-Allow-Origin" not in response.headers
