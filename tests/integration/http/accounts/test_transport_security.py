"""Addresses, cookies and headers where the application is known to be served over TLS, or by a proxy."""

import re

import pytest
from flask import Flask

from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import Accounts, MakeContainer, Way
from tests.support.builders import make_fields
from tests.support.database import on_sqlite

pytestmark = on_sqlite

PUBLIC_URL = "https://leads.firm.example"
ON_HTTP = {"X-Forwarded-Proto": "http"}
EVIL = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "1"}


@pytest.fixture
def app(make_container: MakeContainer) -> Flask:
    return create_app(make_container(public_url=PUBLIC_URL, trusted_proxies=1))


@pytest.mark.parametrize("headers", [{}, EVIL, {"Host": "evil.example"}, {**EVIL, **ON_HTTP}])
def test_links_begin_with_public_url(app: Flask, headers: dict[str, str]) -> None:
    response = app.test_client().post("/leads", json=make_fields(), headers=headers)
    assert response.headers["Location"].startswith(f"{PUBLIC_URL}/leads/")
    assert "evil" not in app.test_client().get("/", headers=headers).text


def test_links_without_public_url_ignore_the_headers_of_clients(make_container: MakeContainer) -> None:
    client = create_app(make_container(trusted_proxies=1)).test_client()
    assert "evil" not in client.post("/leads", json=make_fields(), headers=EVIL).headers["Location"]


def test_path_of_the_public_url_is_the_prefix_of_every_link(make_container: MakeContainer) -> None:
    client = create_app(make_container(public_url=f"{PUBLIC_URL}/intake/")).test_client()
    for path in ("/", "/intake/"):  # whether the proxy removes the prefix or not
        assert 'action="/intake/leads' in client.get(path).text


def test_session_cookie_is_bound_to_the_host_over_tls(app: Flask) -> None:
    cookie = app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("__Host-leadtracker=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_session_cookie_without_tls_has_no_prefix(make_container: MakeContainer) -> None:
    cookie = create_app(make_container()).test_client().get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("leadtracker=")
    assert "Secure" not in cookie


@pytest.mark.parametrize("path", ["/", "/sign-in", "/healthz", "/nothing", "/dashboard"])
def test_every_response_over_tls_asks_for_tls(app: Flask, path: str) -> None:
    assert "max-age=31536000" in app.test_client().get(path).headers["Strict-Transport-Security"]


def test_response_without_tls_does_not_ask_for_it(make_container: MakeContainer) -> None:
    client = create_app(make_container(trusted_proxies=1)).test_client()
    assert "Strict-Transport-Security" not in client.get("/").headers
    assert "Strict-Transport-Security" in client.get("/", headers={"X-Forwarded-Proto": "https"}).headers


@pytest.mark.parametrize(
    ("path", "used_by"),
    [
        ("/", "cross-origin"),
        ("/form/embed", "cross-origin"),
        ("/sign-in", "same-origin"),
        ("/docs", "same-origin"),
    ],
)
def test_other_sites_may_use_only_form(app: Flask, path: str, used_by: str) -> None:
    headers = app.test_client().get(path).headers
    assert headers["Cross-Origin-Resource-Policy"] == used_by
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


OTHER_SITE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": f"{PUBLIC_URL}.evil.example", "Sec-Fetch-Site": "cross-site"},
]
OWN_PAGES = [{}, {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]


@pytest.mark.parametrize("headers", OTHER_SITE)
def test_remembered_password_does_not_count_for_other_sites(
    app: Flask, accounts: Accounts, headers: dict[str, str]
) -> None:
    client, credentials = app.test_client(), accounts.credentials(Role.ADMIN, Way.BASIC)
    lead = client.post("/leads", json=make_fields()).get_json()["id"]
    for path in (
        f"/leads/{lead}/notes",
        f"/leads/{lead}/follow-up",
        "/reports/weekly/2026-W01/send",
        "/users",
    ):
        response = client.post(path, data={"note": "forged"}, headers={**credentials, **headers})
        assert response.status_code == 403, path
    assert client.get("/leads", headers={**credentials, **headers}).status_code == 200


def test_lead_from_the_form_of_another_site_is_kept_despite_a_remembered_password(
    app: Flask, accounts: Accounts
) -> None:
    headers = {**accounts.credentials(Role.ADMIN, Way.BASIC), **OTHER_SITE[0]}
    assert app.test_client().post("/leads", json=make_fields(), headers=headers).status_code == 201


@pytest.mark.parametrize("headers", OWN_PAGES)
def test_password_of_scripts_and_own_pages_counts(
    app: Flask, accounts: Accounts, headers: dict[str, str]
) -> None:
    client, credentials = app.test_client(), accounts.credentials(Role.ADMIN, Way.BASIC)
    lead = client.post("/leads", json=make_fields()).get_json()["id"]
    response = client.post(f"/leads/{lead}/notes", json={"note": "hi"}, headers={**credentials, **headers})
    assert response.status_code == 201


def test_browsers_get_no_basic_challenge(app: Flask) -> None:
    client = app.test_client()
    assert "Basic" in str(client.get("/leads").headers.getlist("WWW-Authenticate"))
    challenges = client.get("/leads", headers={"Sec-Fetch-Mode": "navigate"}).headers.getlist(
        "WWW-Authenticate"
    )
    assert challenges
    assert "Basic" not in str(challenges)


@pytest.mark.parametrize("contact", ["mailto:security@firm.example", "https://firm.example/security"])
def test_security_txt_names_the_contact(make_container: MakeContainer, contact: str) -> None:
    app = create_app(make_container(public_url=PUBLIC_URL, security_contact=contact))
    response = app.test_client().get("/.well-known/security.txt")
    assert response.mimetype == "text/plain"
    assert f"Contact: {contact}" in response.text.splitlines()
    assert f"Canonical: {PUBLIC_URL}/.well-known/security.txt" in response.text.splitlines()
    assert re.search(r"^Expires: 20\d\d-\d\d-\d\dT00:00:00Z$", response.text, re.MULTILINE)


def test_without_contact_there_is_no_security_txt(app: Flask) -> None:
    assert app.test_client().get("/.well-known/security.txt").status_code == 404
