"""The users page and the page of each user."""

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from tests.integration.http.conftest import PHRASE
from tests.integration.http.pages.conftest import SignedIn
from tests.support.clients.html_client import HtmlClient

PATH = "/dashboard/users"


@pytest.fixture
def admin(signed_in: SignedIn) -> HtmlClient:
    return signed_in(Role.ADMIN)


def add(admin: HtmlClient, **fields: str) -> int:
    given = {"name": "ann", "role": "agent", "email": "", "password": PHRASE} | fields
    return admin.submit(admin.get(PATH).form(PATH), given).status


def form_with(admin: HtmlClient, name: str, field: str) -> dict[str, str]:
    """Return the values of the form on a user's page that has a field."""
    forms = admin.get(f"{PATH}/{name}").forms
    return next(form.values for form in forms if field in form.values)


def test_added_user_can_sign_in(admin: HtmlClient, html_client: HtmlClient) -> None:
    assert add(admin, email="ann@example.com") == 303
    shown = admin.get(PATH).html
    assert "ann can sign in now." in shown
    assert "ann@example.com" in shown
    assert html_client.sign_in("ann", PHRASE).status == 303


def test_field_errors_keep_the_input(admin: HtmlClient) -> None:
    form = admin.get(PATH).form(PATH)
    rejected = admin.submit(form, {"name": "a:b", "role": "agent", "email": "unknown", "password": PHRASE})
    assert rejected.status == 422
    assert 'id="name-error"' in rejected.html
    assert 'id="email-error"' in rejected.html
    kept = rejected.form(PATH).values
    assert (kept["name"], kept["email"], kept["role"], kept["password"]) == ("a:b", "unknown", "agent", "")
    assert PHRASE not in rejected.html


def test_user_name_is_unique(admin: HtmlClient) -> None:
    assert [add(admin), add(admin)] == [303, 409]


def test_user_is_changed_disabled_and_enabled(
    admin: HtmlClient, container: Container, html_client: HtmlClient
) -> None:
    add(admin)
    here = f"{PATH}/ann"
    token = form_with(admin, "ann", "role")["csrf_token"]
    for change in (
        {"role": "viewer", "email": "ann@example.com"},
        {"password": "another horse"},
        {"disabled": "yes"},
    ):
        changed = admin.post(here, {"csrf_token": token} | change)
        assert (changed.status, changed.location) == (303, here)
    user = container.manage_users().one(OPERATOR, "ann")
    assert (user.role, user.email, user.disabled_at is not None) == (Role.VIEWER, "ann@example.com", True)
    assert html_client.sign_in("ann", "another horse").status == 401
    assert "ann was disabled. Open leads of this user have no owner now." in admin.get(here).html
    admin.post(here, {"csrf_token": token, "disabled": "no"})
    assert "ann can sign in again." in admin.get(here).html
    assert html_client.sign_in("ann", "another horse").status == 303


def test_empty_field_clears_the_address(admin: HtmlClient, container: Container) -> None:
    add(admin, email="ann@example.com")
    form = next(form for form in admin.get(f"{PATH}/ann").forms if "email" in form.values)
    assert form.values["email"] == "ann@example.com"
    admin.submit(form, {"email": ""})
    assert container.manage_users().one(OPERATOR, "ann").email is None


def test_last_admin_cannot_be_demoted(admin: HtmlClient, container: Container) -> None:
    form = next(form for form in admin.get(f"{PATH}/admin").forms if form.values.get("disabled") == "yes")
    assert admin.submit(form).status == 303
    assert "The last admin cannot be disabled" in admin.get(f"{PATH}/admin").html
    assert container.manage_users().one(OPERATOR, "admin").disabled_at is None


def test_demotion_takes_effect_at_once(signed_in: SignedIn, container: Container) -> None:
    container.manage_users().add(OPERATOR, "another", Role.ADMIN, PHRASE)
    admin = signed_in(Role.ADMIN)
    container.manage_users().change(OPERATOR, "admin", {"role": "viewer"})
    assert admin.get(PATH).status == 403


def test_missing_user_has_no_page(admin: HtmlClient) -> None:
    missing = admin.get(f"{PATH}/unknown")
    assert (missing.status, missing.title) == (404, "Page not found · LeadTracker")
