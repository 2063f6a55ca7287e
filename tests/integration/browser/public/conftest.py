"""The form for anonymous clients, with JavaScript and without, on a site that others may embed."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.integration.browser.conftest import ADMIN, PASSWORD, Trace
from tests.support.http import basic
from tests.support.servers.processes import Program, free_port

FILLING = 2_100
"""Milliseconds; forms that are sent faster look like spam."""


@pytest.fixture(scope="module")
def site_ports() -> tuple[int, int]:
    """The ports of a site that may embed the form, and of one that may not."""
    return free_port(), free_port()


@pytest.fixture(scope="module")
def program(program: Program, site_ports: tuple[int, int]) -> Program:
    return program.with_settings(
        EMBED_ORIGINS=f"http://127.0.0.1:{site_ports[0]}",
        CONSENT_TEXT="I agree that you store what I write.",
        ORGANISATION="Lee & Partners",
        MAX_UPLOAD_MB=1,
    )


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def html_client(request: pytest.FixtureRequest, chromium: Browser, site: str, trace: Trace) -> Iterator[Page]:
    """The form in a narrow browser, with JavaScript and without."""
    context = chromium.new_context(
        base_url=site,
        java_script_enabled=request.param,
        viewport={"width": 360, "height": 740},
        locale="en-GB",
    )
    with context, trace(context):
        page = context.new_page()
        page.goto("/")
        yield page


def address_of(name: str, request: pytest.FixtureRequest) -> str:
    """Return an e-mail address that no other test uses."""
    return f"{name}{'-plain' if 'without' in request.node.name else ''}@example.com"


def leads_of(page: Page, site: str, email: str) -> int:
    """Return the number of leads with an address, as the admin sees it."""
    return len(leads_with(page, site, email))


def leads_with(page: Page, site: str, email: str) -> list[dict[str, Any]]:
    """Return the leads with an address."""
    response = page.request.get(
        f"{site}/leads",
        params={"email": email, "duplicates": "include"},
        headers=basic(ADMIN, PASSWORD),
    )
    found: list[dict[str, Any]] = response.json()
    return found
