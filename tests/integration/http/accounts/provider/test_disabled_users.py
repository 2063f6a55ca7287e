"""A user who is disabled loses access with the next request, whatever the credentials."""

from collections.abc import Callable
from enum import StrEnum

import pytest
from attrs import frozen
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Actor, Role
from tests.integration.http.accounts.provider.conftest import Browser
from tests.integration.http.conftest import PHRASE
from tests.support.http import Client, Headers, api_key, basic, bearer, session
from tests.support.servers.openid.issuer import Issuer


class Way(StrEnum):
    """How a user has proved who they are."""

    PASSWORD = "password"  # noqa: S105 - is no password
    SESSION = "session"
    OIDC = "session of the provider"
    KEY = "key"
    JWT = "token of the provider"


@frozen
class World:
    """The application, its provider, and what happens in them."""

    app: Flask
    container: Container
    issuer: Issuer

    def credentials(self, way: Way) -> Headers:
        """Return what the user ``ann`` sends with requests."""
        if way in {Way.OIDC, Way.JWT}:
            self.issuer.person |= {"preferred_username": "ann", "groups": "partners"}
            return self._through_provider(way)
        self.container.manage_users().add(OPERATOR, "ann", Role.ADMIN, PHRASE)
        make: dict[Way, Callable[[], Headers]] = {
            Way.PASSWORD: lambda: basic("ann", PHRASE),
            Way.SESSION: lambda: session(self.app, "ann", PHRASE),
            Way.KEY: lambda: api_key(
                self.container.manage_api_keys().add(Actor("user:ann", Role.ADMIN), "script", Role.AGENT)
            ),
        }
        return make[way]()

    def _through_provider(self, way: Way) -> Headers:
        browser = Browser.of(self.app)
        cookie = browser.sign_in(self.issuer).headers.getlist("Set-Cookie")
        login = next(one.partition(";")[0] for one in cookie if one.startswith("leadtracker="))
        return {"Cookie": login} if way is Way.OIDC else bearer(self.issuer.token())


@pytest.mark.parametrize("way", Way)
def test_user_disabled_during_a_session_gets_401_on_the_next_request(
    app: Flask, container: Container, issuer: Issuer, public: Client, way: Way
) -> None:
    container.manage_users().add(OPERATOR, "root", Role.ADMIN, PHRASE)
    client = public.with_headers(World(app, container, issuer).credentials(way))
    assert client.get("/leads").status == 200
    container.manage_users().disable(OPERATOR, "ann")
    assert client.get("/leads").status == 401
    container.manage_users().change(OPERATOR, "ann", {"disabled": False})
    is_back = way not in {Way.SESSION, Way.OIDC}  # sessions are ended, and must begin again
    assert client.get("/leads").status == (200 if is_back else 401)


def test_website_of_a_disabled_admin_still_sends_leads(container: Container, public: Client) -> None:
    for name in ("ann", "root"):
        container.manage_users().add(OPERATOR, name, Role.ADMIN, PHRASE)
    secret = container.manage_api_keys().add(Actor("user:ann", Role.ADMIN), "website", Role.SENDER)
    container.manage_users().disable(OPERATOR, "ann")
    fields = {"first_name": "Bo", "email": "bo@example.com"}
    assert public.with_headers(api_key(secret)).post("/leads", fields).status == 201
