"""The API keys page."""

import re
from datetime import timedelta

import pytest

from leadtracker.domain.model.accounts.access import Role
from tests.integration.http.conftest import PHRASE
from tests.integration.http.pages.conftest import SignedIn
from tests.support.clients.html_client import HtmlClient
from tests.support.clock import MICROSECOND
from tests.support.http import Client, api_key
from tests.support.memory.system import MemoryClock

PATH = "/dashboard/keys"


@pytest.fixture
def admin(signed_in: SignedIn) -> HtmlClient:
    return signed_in(Role.ADMIN)


def test_key_is_shown_until_revoked(admin: HtmlClient, public: Client) -> None:
    issued = admin.submit(admin.get(PATH).form(PATH), {"name": "website", "role": "viewer"})
    assert issued.status == 201
    secret = re.findall(r"lt_[\w-]{43}", issued.html)[0]
    assert secret not in admin.get(PATH).html
    client = public.with_headers(api_key(secret))
    assert client.get("/leads").status == 200
    assert admin.submit_and_answer(admin.get(PATH).form(f"{PATH}/website/revoke")).location == PATH
    assert client.get("/leads").status == 401
    assert "website was revoked." in admin.get(PATH).html


@pytest.mark.parametrize(("name", "status"), [("", 422), ("a:b", 422), ("website", 409)])
def test_invalid_name_shows_field_error(admin: HtmlClient, name: str, status: int) -> None:
    admin.submit(admin.get(PATH).form(PATH), {"name": "website", "role": "viewer"})
    rejected = admin.submit(admin.get(PATH).form(PATH), {"name": name, "role": "agent"})
    assert rejected.status == status
    assert 'id="name-error"' in rejected.html
    assert rejected.form(PATH).values["role"] == "agent"


def test_expiring_key_is_pointed_out(admin: HtmlClient, clock: MemoryClock) -> None:
    form = admin.get(PATH).form(PATH)
    admin.submit(form, {"name": "website", "role": "sender", "lifetime": "30"})
    admin.submit(form, {"name": "crm", "role": "viewer", "lifetime": ""})
    assert "admin" in re.findall(r'data-label="Added by">([^<]+)<', admin.get(PATH).html)
    assert "Expires soon" not in admin.get(PATH).html
    assert "website expires on" not in admin.get("/dashboard").html
    clock.advance(timedelta(days=16) + MICROSECOND)
    admin.sign_in("admin", PHRASE)
    assert admin.get(PATH).html.count("Expires soon") == 1
    assert "The API key website expires on" in admin.get("/dashboard").html
    clock.advance(timedelta(days=14))
    admin.sign_in("admin", PHRASE)
    assert admin.get(PATH).html.count("Expired") == 1
    assert "website expires on" not in admin.get("/dashboard").html
