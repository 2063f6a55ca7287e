"""An application that trusts a provider of our own, and a browser that signs in there."""

from collections.abc import Iterator

import pytest
from attrs import frozen
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.accounts.account import User
from leadtracker.domain.model.accounts.audit_entry import AuditFilter, AuditRecord
from tests.integration.http.conftest import MakeContainer
from tests.support.memory.system import MemoryClock
from tests.support.servers.openid.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, run_issuer


@pytest.fixture
def issuer(clock: MemoryClock) -> Iterator[Issuer]:
    """A provider with the agent Ann, whose address it has verified."""
    with run_issuer(clock.now) as issuer:
        issuer.person = {
            "sub": "ann-at-the-provider",
            "preferred_username": "ann",
            "email": "Ann@firm.example",
            "email_verified": True,
            "groups": ["everyone", "staff"],
        }
        yield issuer


@pytest.fixture
def container(make_container: MakeContainer, issuer: Issuer) -> Container:
    return make_container(
        oidc_issuer=issuer.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=SecretStr(CLIENT_SECRET),
        oidc_roles="partners=admin,staff=agent,interns=viewer",
    )


@frozen
class Browser:
    """A browser without JavaScript."""

    _client: FlaskClient

    @classmethod
    def of(cls, app: Flask) -> "Browser":
        """Open a browser without cookies."""
        return cls(app.test_client())

    def get(self, url: str) -> TestResponse:
        """Open a URL, and follow no redirect."""
        return self._client.get(url)

    def begin(self, next_url: str = "") -> str:
        """Click the button of the sign-in page; return the URL of the provider."""
        response = self.get(f"/sign-in/oidc?next={next_url}")
        assert response.status_code == 303, response.text
        return response.location

    def sign_in(self, issuer: Issuer, next_url: str = "") -> TestResponse:
        """Sign in at the provider, and return the response to the browser that comes back."""
        return self.get(issuer.sign_in(self.begin(next_url)))


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser.of(app)


def users(container: Container) -> dict[str, User]:
    """Return all users by name."""
    return {user.name: user for user in container.manage_users().all(OPERATOR)}


def audited(container: Container) -> list[AuditRecord]:
    """Return the records of the audit log, the oldest first."""
    page = container.read_audit_log().page(OPERATOR, AuditFilter(), limit=200)
    return [entry.record for entry in reversed(page.entries)]
