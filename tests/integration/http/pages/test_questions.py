"""Forms whose effect cannot be undone, without JavaScript: a page asks first."""

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.entrypoints.http.web.rendering.confirmation import QUESTIONS
from tests.support.clients.html_client import HtmlClient

FORMS = {
    "account_pages.remove_second_factor": (
        "/dashboard/account/second-factor/remove",
        "Remove your second factor?",
    ),
    "delivery_pages.retry_failed": ("/dashboard/deliveries/retry-failed", "Retry all failed deliveries?"),
    "import_pages.undo": (
        "/dashboard/import/one/undo",
        "Remove the leads of this import? Those that were changed since will stay.",
    ),
    "key_pages.revoke": ("/dashboard/keys/site/revoke", "Revoke site permanently?"),
    "quarantine_pages.discard": ("/dashboard/quarantine/one/discard", "Discard this message permanently?"),
    "user_pages.remove_second_factor": (
        "/dashboard/users/ann/remove-second-factor",
        "Remove the second factor of ann?",
    ),
    "user_pages.unlink": ("/dashboard/users/ann/unlink", "Unlink ann?"),
}


def test_every_question_is_tested() -> None:
    assert FORMS.keys() == QUESTIONS.keys()


@pytest.mark.parametrize("endpoint", FORMS)
def test_form_asks_before_it_is_sent(admin_browser: HtmlClient, endpoint: str) -> None:
    path, question = FORMS[endpoint]
    token = admin_browser.get("/dashboard").form("/sign-out").values["csrf_token"]
    asked = admin_browser.post(path, {"csrf_token": token, "asks": "yes", "kept": "a value"})
    assert (asked.status, asked.title) == (200, f"{question} · LeadTracker")
    fields = asked.form(path).values
    assert fields["csrf_token"]
    assert {**fields, "csrf_token": token} == {"csrf_token": token, "kept": "a value"}
    assert f'<button class="danger">{QUESTIONS[endpoint].button}</button>' in asked.html


def test_key_works_until_the_answer(admin_browser: HtmlClient, container: Container) -> None:
    manage_api_keys = container.manage_api_keys()
    manage_api_keys.add(OPERATOR, "site", Role.VIEWER)
    revoke = admin_browser.get("/dashboard/keys").form("/dashboard/keys/site/revoke")
    asked = admin_browser.submit(revoke)
    assert [key.revoked_at for key in manage_api_keys.all(OPERATOR)] == [None]
    admin_browser.submit(asked.form("/dashboard/keys/site/revoke"))
    assert [key.revoked_at for key in manage_api_keys.all(OPERATOR)] != [None]


def test_form_with_answer_of_script_is_done(admin_browser: HtmlClient, container: Container) -> None:
    container.manage_api_keys().add(OPERATOR, "site", Role.VIEWER)
    revoke = admin_browser.get("/dashboard/keys").form("/dashboard/keys/site/revoke")
    without_field = {name: value for name, value in revoke.values.items() if name != "asks"}
    assert admin_browser.post(revoke.action, without_field).status == 303
