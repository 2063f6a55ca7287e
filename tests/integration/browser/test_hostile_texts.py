"""Hostile input on every dashboard page that shows it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import orjson
import pytest
from attrs import frozen
from dependency_injector import providers
from playwright.sync_api import Page

from leadtracker.container import Container
from leadtracker.domain.errors import InvalidInput
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.settings import Settings
from tests.integration.browser.conftest import ADMIN, PASSWORD
from tests.support.builders import make_fields
from tests.support.examples.xss_payloads import XSS_PAYLOADS
from tests.support.http import basic
from tests.support.memory.accounts.password_hasher import MemoryPasswordHasher
from tests.support.servers.processes import Program, Site

PAGES = ("", "/leads", "/board", "/quarantine", "/reports", "/deliveries", "/users", "/keys")
LONG_AGO = "2020-01-01T00:00:00Z"


@frozen
class Typist:
    """A client that sends hostile texts in every field."""

    _server: Site

    def send(self, path: str, body: object, *, known: bool = True) -> tuple[int, Any]:
        headers = basic(ADMIN, PASSWORD) if known else None
        status, response = self._server.send("POST", path, headers, body)
        return status, orjson.loads(response)

    def add_lead(self, text: str, address: str) -> None:
        """Add a lead with a follow-up, and a quarantined lead."""
        fields = make_fields(address, first_name=text, last_name=text, source=text, message=text)
        status, lead = self.send("/leads", fields)
        assert status == 201, lead
        assert self.send(f"/leads/{lead['id']}/follow-up", {"due_at": LONG_AGO, "note": text})[0] == 201
        assert self.send("/leads", fields | {"leave_this_empty": "x"}, known=False)[0] == 201


def add_accounts(container: Container, text: str) -> bool:
    """Add a user and an API key; names must not hold a colon, so some texts are rejected."""
    with suppress(InvalidInput):
        container.manage_api_keys().add(OPERATOR, text, Role.VIEWER)
        container.manage_users().add(OPERATOR, text, Role.VIEWER, PASSWORD)
        return True
    return False


@pytest.fixture(scope="module")
def container(program: Program, site: str) -> Iterator[Container]:  # noqa: ARG001 - the server makes the database
    """The inside of the installation; its hashes are fast ones."""
    container = Container(settings=Settings(data_dir=program.folder / "data"))
    container.hasher.override(providers.Object(MemoryPasswordHasher()))
    yield container
    container.dialect().close()


@pytest.fixture(scope="module")
def entered(site: str, container: Container) -> int:
    """The number of accounts with hostile names; leads, follow-ups and quarantined leads have all texts."""
    typist = Typist(Site(int(site.rpartition(":")[2])))
    for number, text in enumerate(XSS_PAYLOADS):
        typist.add_lead(text, f"p{number}@example.com")
    return sum(add_accounts(container, text) for text in XSS_PAYLOADS)


@pytest.mark.parametrize("path", PAGES)
def test_hostile_input_is_never_executed(agent_tab: Page, entered: int, path: str) -> None:
    assert entered > len(XSS_PAYLOADS) / 2
    page_errors: list[str] = []
    agent_tab.on("console", lambda message: page_errors.append(message.text))
    agent_tab.on("pageerror", lambda error: page_errors.append(str(error)))
    agent_tab.on("dialog", lambda dialog: page_errors.append(dialog.message))
    agent_tab.goto(f"/dashboard{path}")
    agent_tab.wait_for_load_state("networkidle")
    assert agent_tab.evaluate("window.hit") is None
    assert page_errors == []
    # Input that is not escaped would become an element that no template has.
    assert agent_tab.locator("iframe, object, video, math, marquee, base, [onerror], [onload]").count() == 0
