"""Every page with parameters shows itself if one is invalid: what was typed, and what is wrong with it."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import Role
from leadtracker.entrypoints.http.requests.audit_params import AuditListParams
from leadtracker.entrypoints.http.requests.lead_params import ExportParams, LeadListParams
from leadtracker.entrypoints.http.requests.list_params import (
    CohortParams,
    DeliveryListParams,
    QuarantineListParams,
)
from leadtracker.entrypoints.http.web.admin.retention import RetentionParams
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.clients.html_client import HtmlClient, HtmlPage

WRONG = "wrong" * 100  # no date, number or choice, and longer than every text
MODELS = (
    AuditListParams,
    CohortParams,
    DeliveryListParams,
    ExportParams,
    LeadListParams,
    QuarantineListParams,
    RetentionParams,
)
OTHERS = ("before", "columns", "counted", "excluded", "unheard-of", "weeks")
NAMES = sorted(
    {*OTHERS, *(field.alias or name for model in MODELS for name, field in model.model_fields.items())}
)
REJECTING = {
    "/dashboard/audit": {"action", "actor", "from", "to", "limit", "cursor"},
    "/dashboard/audit/audit.csv": {"action", "actor", "from", "to"},
    "/dashboard/deliveries": {"state", "limit", "cursor"},
    "/dashboard/leads": {"source", "state", "created_from", "updated_to", "email", "columns", "limit"},
    "/dashboard/leads/export": {"source", "state", "created_from", "updated_to", "email", "format"},
    "/dashboard/quarantine": {"reason", "limit", "cursor"},
    "/dashboard/retention": {"state", "cursor"},
    "/dashboard/statistics": {"from", "to"},
    "/dashboard/statistics/statistics.csv": {"from", "to"},
}
"""Parameters whose wrong values at least are rejected, by the path of their page."""


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    """The program with retention, so that its page has a list."""
    return make_container(retention="LOST=1")


@pytest.fixture
def paths(app: Flask) -> list[str]:
    """The addresses of all pages and downloads of the dashboard that are about no single thing."""
    rules = app.url_map.iter_rules()
    return sorted(
        rule.rule
        for rule in rules
        if rule.rule.startswith("/dashboard") and not rule.arguments and "GET" in (rule.methods or ())
    )


def typed(seen: HtmlPage, name: str) -> Iterator[str]:
    """Yield what the inputs of this name hold, but for choices."""
    for tag in re.findall(rf'<input[^>]*\bname="{name}"[^>]*>', seen.html):
        if 'type="checkbox"' not in tag:
            value = re.search(r'value="([^"]*)"', tag)
            yield unescape(value[1]) if value else ""


def check_itself(browser: HtmlClient, path: str, name: str) -> int:
    """Open a page with a wrong value; check that an error is about this name and loses nothing."""
    seen = browser.get(f"{path}?{urlencode({name: WRONG})}")
    if seen.status != 422:
        return seen.status
    assert "Some fields are invalid" not in seen.html, (path, name)
    assert f'href="#{name}"' in seen.html or f'id="{name}-wrong"' in seen.html or f">{name}: " in seen.html
    assert all(text == WRONG for text in typed(seen, name)), (path, name)
    return 422


def statuses_of(browser: HtmlClient, path: str) -> dict[str, int]:
    """Return a page's status for a wrong value of each name; if it accepts all at once, it accepts each."""
    together = browser.get(f"{path}?{urlencode(dict.fromkeys(NAMES, WRONG))}").status
    if together != 422:
        return dict.fromkeys(NAMES, together)
    return {name: check_itself(browser, path, name) for name in NAMES}


def test_every_page_shows_itself_with_what_was_typed(signed_in: SignedIn, paths: list[str]) -> None:
    browser = signed_in(Role.ADMIN)
    statuses = {path: statuses_of(browser, path) for path in paths}
    rejecting = {
        path: {name for name in names if statuses[path][name] == 422} for path, names in REJECTING.items()
    }
    assert rejecting == REJECTING
    assert {status for found in statuses.values() for status in found.values()} <= {200, 303, 404, 422}


@pytest.mark.parametrize("path", REJECTING)
def test_language_of_a_page_is_no_invalid_parameter(signed_in: SignedIn, path: str) -> None:
    assert signed_in(Role.ADMIN).get(f"{path}?lang=de").status == 200


@pytest.mark.parametrize("path", REJECTING)
def test_wrong_value_does_not_open_page(signed_in: SignedIn, path: str) -> None:
    browser = signed_in(Role.VIEWER)
    allowed = browser.get(path).status
    assert browser.get(f"{path}?from=x&state=x&reason=x").status == (403 if allowed == 403 else 422)


def test_audit_log_keeps_rest_of_filter(admin_browser: HtmlClient) -> None:
    seen = admin_browser.get("/dashboard/audit?actor=ann&action=signed_in&from=2026-02-31&to=")
    assert seen.status == 422
    values = seen.form("/dashboard/audit").values
    assert values == {"actor": "ann", "action": "signed_in", "from": "2026-02-31", "to": ""}
    assert 'aria-describedby="from-wrong"' in seen.html
    assert 'id="from-wrong">Enter a day such as 2026-11-16.<' in seen.html
