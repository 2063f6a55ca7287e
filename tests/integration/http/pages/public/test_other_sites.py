"""Forms, frames and scripts of other sites."""

from datetime import timedelta

import pytest
from flask import Flask

from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import MakeContainer
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.public_form import (
    FILL_IN_SECONDS,
    get_only_lead,
    submit_form_from_other_site,
    submit_lead_form,
)
from tests.support.database import on_sqlite
from tests.support.examples.cases import each
from tests.support.http import Client
from tests.support.memory.system import MemoryClock

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


def test_form_with_extra_fields_is_accepted(html_client: HtmlClient, viewer: Client) -> None:
    fields = make_fields(company="ACME", website="https://acme.example", id="7", state="LOST")
    sent = submit_form_from_other_site(html_client, fields, Referer="https://www.acme.example/contact")
    assert (sent.status, sent.location) == (303, "/thanks")
    assert (get_only_lead(viewer)["source"], get_only_lead(viewer)["state"]) == (
        "www.acme.example",
        "PENDING",
    )


@each(
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
def test_redirects_go_to_allowed_sites_only(html_client: HtmlClient, target_url: str, location: str) -> None:
    sent = submit_form_from_other_site(html_client, make_fields(redirect_to=target_url))
    assert (sent.status, sent.location) == (303, location)


def test_redirect_url_survives_a_correction(html_client: HtmlClient) -> None:
    back = "https://shop.example/danke"
    wrong = submit_form_from_other_site(html_client, make_fields("unknown", redirect_to=back))
    assert wrong.status == 422
    assert submit_lead_form(html_client, wrong).location == back


def test_allowed_sites_can_frame_form(html_client: HtmlClient, clock: MemoryClock) -> None:
    page = html_client.get("/form/embed")
    clock.advance(timedelta(seconds=FILL_IN_SECONDS))
    wrong, sent = submit_lead_form(html_client, page, {"email": ""}), submit_lead_form(html_client, page)
    thanks = html_client.get(sent.location)
    assert (wrong.status, sent.location) == (422, "/form/embed/thanks")
    for seen in (page, wrong, thanks):
        policy = seen.response.headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors https://a.example https://b.example")
        assert "X-Frame-Options" not in seen.response.headers
    for path in ("/", "/thanks", "/sign-in"):
        headers = html_client.get(path).response.headers
        assert headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
        assert headers["X-Frame-Options"] == "DENY"


def test_allowed_site_script_can_send_leads(app: Flask) -> None:
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
def test_other_site_script_gets_no_response(app: Flask, origin: str) -> None:
    client, headers = app.test_client(), {"Origin": origin, "Access-Control-Request-Method": "POST"}
    responses = [client.options("/leads", headers=headers), client.post("/leads", json={}, headers=headers)]
    for response in responses:
        assert not [name for name in response.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118 - headers are not a dict
        assert "Origin" in response.headers["Vary"]


def test_cross_site_reading_is_forbidden(app: Flask) -> None:
    response = app.test_client().get("/leads", headers={"Origin": "https://shop.example"})
    assert "Access-Control-Allow-Origin" not in response.headers
