"""Browsers of users with each role, over a real SQLite database."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from tests.integration.http.conftest import PHRASE
from tests.support.builders import make_fields
from tests.support.clients.html_client import Form, HtmlClient
from tests.support.http import Client

SignedIn = Callable[[Role], HtmlClient]
AddLead = Callable[..., dict[str, Any]]
LEADS = "/dashboard/leads"


def form_of(html_client: HtmlClient, lead_id: str, end: str) -> Form:
    """One of the forms on the page of a lead."""
    return html_client.get(f"{LEADS}/{lead_id}").form(f"{LEADS}/{lead_id}/{end}")


@pytest.fixture
def html_client(app: Flask) -> HtmlClient:
    """A browser without a login."""
    return HtmlClient.of(app)


@pytest.fixture
def signed_in(app: Flask, container: Container) -> SignedIn:
    """Signs in a user of a role, who has the role's name."""

    def sign_in(role: Role) -> HtmlClient:
        if container.manage_users().all(OPERATOR) == [] or role not in {
            user.name for user in container.manage_users().all(OPERATOR)
        }:
            container.manage_users().add(OPERATOR, role, role, PHRASE)
        html_client = HtmlClient.of(app)
        assert html_client.sign_in(role, PHRASE).status == 303
        return html_client

    return sign_in


@pytest.fixture
def agent_browser(signed_in: SignedIn) -> HtmlClient:
    """A browser in which an agent is signed in."""
    return signed_in(Role.AGENT)


@pytest.fixture
def admin_browser(signed_in: SignedIn) -> HtmlClient:
    """A browser in which an admin is signed in."""
    return signed_in(Role.ADMIN)


@pytest.fixture
def add_lead(agent: Client) -> AddLead:
    """Adds a lead through the API; keyword arguments are its fields and its state."""

    def add(email: str = "ann@example.com", **rest: Any) -> dict[str, Any]:
        state = rest.pop("state", "PENDING")
        lead: dict[str, Any] = agent.post("/leads", make_fields(email, **rest)).body
        path = {"PENDING": (), "CONVERTED": ("REACHED_OUT", "CONVERTED")}.get(state, (state,))
        for step in path:
            lead = agent.patch(f"/leads/{lead['id']}", {"state": step}).body
        return lead

    return add
