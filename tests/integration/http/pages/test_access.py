"""Access to every route of the pages, for anonymous clients and for each role."""

import io
from collections.abc import Callable

import pytest
from attrs import frozen
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, USER_ROLES, Role
from tests.integration.http.conftest import PHRASE
from tests.integration.http.pages.conftest import AddLead, SignedIn
from tests.support.clients.html_client import HtmlClient
from tests.support.clients.routes import page_routes
from tests.support.http import Client


@frozen
class Row:
    """The status for an anonymous client and for each role; forms are sent without CSRF token."""

    unknown: int
    viewer: int
    agent: int
    admin: int

    def expected(self, role: Role | None) -> int:
        return self.unknown if role is None else int(getattr(self, role.value))


TO_SIGN_IN = 303
OPEN = Row(200, 200, 200, 200)
ANY_ROLE = Row(TO_SIGN_IN, 200, 200, 200)
AGENTS = Row(TO_SIGN_IN, 403, 200, 200)
ADMIN_ONLY = Row(TO_SIGN_IN, 403, 403, 200)
FORM = Row(TO_SIGN_IN, 403, 403, 403)
OPEN_FORM = Row(403, 403, 403, 403)
TABLE = {
    ("GET", "/static/{name}"): OPEN,
    ("GET", "/sign-in"): Row(200, 303, 303, 303),
    ("POST", "/sign-in"): OPEN_FORM,
    ("GET", "/sign-in/oidc"): Row(404, 404, 404, 404),  # no provider is set
    ("GET", "/sign-in/oidc/callback"): Row(404, 404, 404, 404),
    ("GET", "/forgot-password"): OPEN,
    ("POST", "/forgot-password"): OPEN_FORM,
    ("GET", "/choose-password"): Row(404, 404, 404, 404),  # without a link
    ("POST", "/choose-password"): OPEN_FORM,
    ("GET", "/sign-in/code"): Row(303, 303, 303, 303),
    ("POST", "/sign-in/code"): OPEN_FORM,
    ("POST", "/sign-out"): OPEN_FORM,
    ("GET", "/dashboard"): ANY_ROLE,
    ("GET", "/dashboard/statistics"): ANY_ROLE,
    ("GET", "/dashboard/statistics/statistics.csv"): ANY_ROLE,
    ("GET", "/dashboard/reports"): ANY_ROLE,
    ("GET", "/dashboard/reports/{week}"): Row(TO_SIGN_IN, 404, 404, 404),  # no week is sealed
    ("POST", "/dashboard/reports/{week}/send"): FORM,
    ("GET", "/dashboard/import"): ADMIN_ONLY,
    ("POST", "/dashboard/import"): FORM,
    ("GET", "/dashboard/import/files/{file_id}"): Row(TO_SIGN_IN, 403, 403, 404),
    ("POST", "/dashboard/import/files/{file_id}"): FORM,
    ("POST", "/dashboard/import/files/{file_id}/discard"): FORM,
    ("GET", "/dashboard/import/{import_id}"): Row(TO_SIGN_IN, 403, 403, 404),
    ("GET", "/dashboard/import/{import_id}/rejected"): Row(TO_SIGN_IN, 403, 403, 404),
    ("POST", "/dashboard/import/{import_id}/undo"): FORM,
    ("GET", "/dashboard/deliveries"): ADMIN_ONLY,
    ("POST", "/dashboard/deliveries/{delivery_id}/retry"): FORM,
    ("POST", "/dashboard/deliveries/retry-failed"): FORM,
    ("POST", "/dashboard/deliveries/retry-pending"): FORM,
    ("POST", "/dashboard/deliveries/test"): FORM,
    ("GET", "/dashboard/users"): ADMIN_ONLY,
    ("POST", "/dashboard/users"): FORM,
    ("GET", "/dashboard/users/{user}"): ADMIN_ONLY,
    ("POST", "/dashboard/users/{user}"): FORM,
    ("POST", "/dashboard/users/{user}/invite"): FORM,
    ("POST", "/dashboard/users/{user}/remove-second-factor"): FORM,
    ("POST", "/dashboard/users/{user}/unlink"): FORM,
    ("GET", "/dashboard/keys"): ADMIN_ONLY,
    ("POST", "/dashboard/keys"): FORM,
    ("POST", "/dashboard/keys/{api_key}/revoke"): FORM,
    ("GET", "/dashboard/audit"): ADMIN_ONLY,
    ("GET", "/dashboard/audit/audit.csv"): ADMIN_ONLY,
    ("GET", "/dashboard/retention"): ADMIN_ONLY,
    ("GET", "/dashboard/account"): ANY_ROLE,
    ("POST", "/dashboard/account/confirm"): FORM,
    ("GET", "/dashboard/account/continue"): ANY_ROLE,
    ("POST", "/dashboard/account/password"): FORM,
    ("GET", "/dashboard/account/second-factor"): ANY_ROLE,
    ("POST", "/dashboard/account/second-factor"): FORM,
    ("POST", "/dashboard/account/second-factor/recovery-codes"): FORM,
    ("POST", "/dashboard/account/second-factor/remove"): FORM,
    ("POST", "/dashboard/account/sessions/end"): FORM,
    ("POST", "/dashboard/account/sessions/end-others"): FORM,
    ("GET", "/dashboard/board"): ANY_ROLE,
    ("POST", "/dashboard/board"): FORM,
    ("GET", "/dashboard/leads"): ANY_ROLE,
    ("GET", "/dashboard/leads/new"): AGENTS,
    ("POST", "/dashboard/leads/new"): FORM,
    ("GET", "/dashboard/leads/new/known"): AGENTS,
    ("POST", "/dashboard/leads/bulk"): FORM,
    ("POST", "/dashboard/leads/bulk/lost-reason"): FORM,
    ("POST", "/dashboard/leads/bulk/undo"): FORM,
    ("GET", "/dashboard/leads/export"): ADMIN_ONLY,
    ("GET", "/dashboard/leads/{lead_id}"): ANY_ROLE,
    ("GET", "/dashboard/leads/{lead_id}/edit"): AGENTS,
    ("POST", "/dashboard/leads/{lead_id}/edit"): FORM,
    ("GET", "/dashboard/leads/{lead_id}/erase"): ADMIN_ONLY,
    ("POST", "/dashboard/leads/{lead_id}/erase"): FORM,
    ("GET", "/dashboard/leads/{lead_id}/export"): ADMIN_ONLY,
    ("POST", "/dashboard/leads/{lead_id}/follow-up"): FORM,
    ("POST", "/dashboard/leads/{lead_id}/followed-up"): FORM,
    ("POST", "/dashboard/leads/{lead_id}/hold"): FORM,
    ("POST", "/dashboard/leads/{lead_id}/clear-hold"): FORM,
    ("POST", "/dashboard/leads/{lead_id}/link"): FORM,
    ("POST", "/dashboard/leads/{lead_id}/lost-reason"): FORM,
    ("POST", "/dashboard/leads/{lead_id}/notes"): FORM,
    ("POST", "/dashboard/leads/{lead_id}/notes/{note_id}"): FORM,
    ("GET", "/dashboard/leads/{lead_id}/resume"): ANY_ROLE,
    ("POST", "/dashboard/leads/{lead_id}/resume"): FORM,
    ("GET", "/dashboard/leads/{lead_id}/resume/text"): ANY_ROLE,
    # The lead came without attachments.
    ("GET", "/dashboard/leads/{lead_id}/attachments/{attachment_id}"): Row(TO_SIGN_IN, 404, 404, 404),
    ("POST", "/dashboard/leads/{lead_id}/claim"): FORM,
    ("POST", "/dashboard/leads/{lead_id}/owner"): FORM,
    ("POST", "/dashboard/leads/{lead_id}/state"): FORM,
    ("POST", "/dashboard/leads/{lead_id}/unlink"): FORM,
    ("GET", "/"): OPEN,
    ("GET", "/.well-known/security.txt"): Row(404, 404, 404, 404),  # no contact is set
    ("GET", "/thanks"): OPEN,
    ("GET", "/form/embed"): OPEN,
    ("GET", "/form/embed/thanks"): OPEN,
    ("GET", "/dashboard/quarantine"): Row(TO_SIGN_IN, 403, 200, 200),
    ("GET", "/dashboard/quarantine/{quarantined_lead_id}"): Row(TO_SIGN_IN, 403, 404, 404),
    ("POST", "/dashboard/quarantine/{quarantined_lead_id}/release"): FORM,
    ("POST", "/dashboard/quarantine/{quarantined_lead_id}/discard"): FORM,
}


def test_access_table_covers_every_page(app: Flask) -> None:
    assert set(TABLE) == page_routes(app)


NAMES = {
    "quarantined_lead_id": "unknown",
    "file_id": "unknown",
    "import_id": "unknown",
    "name": "base.css",
    "week": "2026-W46",
    "delivery_id": "one",
    "attachment_id": "1",
    "user": "ann",
    "api_key": "site",
    "note_id": "1",
}


@pytest.mark.parametrize("role", [None, *USER_ROLES])
def test_page_access_matches_the_table(
    container: Container,
    html_client: HtmlClient,
    signed_in: SignedIn,
    add_lead: AddLead,
    role: Role | None,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("cells", len(TABLE))
    container.manage_users().add(OPERATOR, "ann", Role.VIEWER, PHRASE)
    names = NAMES | {"lead_id": add_lead(resume="My life.")["id"]}
    person = html_client if role is None else signed_in(role)
    answered = {}
    for method, template in TABLE:
        path = template.format_map(names)
        answered[method, template] = (person.get(path) if method == "GET" else person.post(path)).status
    assert answered == {route: row.expected(role) for route, row in TABLE.items()}


_ABOUT_LEADS = ("/dashboard/board", "/dashboard/leads")
# The role that a form needs.
_FORMS = {
    "/dashboard/board": Role.AGENT,
    "/dashboard/leads/bulk": Role.AGENT,
    "/dashboard/leads/bulk/lost-reason": Role.AGENT,
    "/dashboard/leads/bulk/undo": Role.AGENT,
    "/dashboard/leads/new": Role.AGENT,
    **{
        "/dashboard/leads/{lead_id}/" + end: Role.AGENT
        for end in (
            "claim",
            "clear-hold",
            "edit",
            "follow-up",
            "followed-up",
            "hold",
            "link",
            "lost-reason",
            "notes",
            "notes/{note_id}",
            "owner",
            "resume",
            "state",
            "unlink",
        )
    },
    "/dashboard/leads/{lead_id}/erase": Role.ADMIN,
}


def test_access_table_covers_every_form() -> None:
    about_leads = {path for method, path in TABLE if method == "POST" and path.startswith(_ABOUT_LEADS)}
    assert set(_FORMS) == about_leads


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (path, role)
        for path, least in _FORMS.items()
        for role in USER_ROLES
        if role not in {least, Role.ADMIN}
    ],
)
def test_unoffered_form_changes_nothing(
    signed_in: SignedIn, agent: Client, add_lead: AddLead, role: Role, path: str
) -> None:
    lead = add_lead(resume="My life.")
    person = signed_in(role)
    entered = {
        "csrf_token": person.get("/dashboard").form("/sign-out").values["csrf_token"],
        "version": "1",
        "move": f"{lead['id']} 1 LOST",
        "lead": f"{lead['id']} 1",
        "state": "LOST",
        "note": "A note",
        "due_at": "2027-01-01T10:00",
        "first_name": "Changed",
        "last_name": "Lee",
        "email": "ann@example.com",
        "duplicate_of": "unknown",
        "resume": (io.BytesIO(b"Another life."), "life.txt"),
    }
    if not path.endswith("/resume"):
        del entered["resume"]
    assert person.post(path.format(lead_id=lead["id"], note_id=1), entered).status == 403
    assert agent.get(f"/leads/{lead['id']}").body == lead
    assert len(agent.get(f"/leads/{lead['id']}/history").body) == 1
