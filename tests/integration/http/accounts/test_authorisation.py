"""Access control: one table with every route, role and kind of credentials."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import frozen
from flask import Flask

from leadtracker.domain.model.accounts.access import USER_ROLES, Role
from tests.integration.http.conftest import Accounts, Way
from tests.support.builders import make_fields
from tests.support.clients.routes import api_routes
from tests.support.http import Client

ANONYMOUS = "anonymous"


@frozen
class Row:
    """The statuses of a route for an anonymous client, a viewer, an agent and an admin.

    Where anonymous clients get 401, senders get 403; they are treated alike elsewhere.
    """

    unknown: int
    viewer: int
    agent: int
    admin: int

    def expected(self, role: Role | None) -> int:
        if role is Role.SENDER:
            return 403 if self.unknown == 401 else self.unknown
        return self.unknown if role is None else int(getattr(self, role.value))


OPEN = Row(200, 200, 200, 200)
ADMIN_ONLY = Row(401, 403, 403, 200)
CLAIM = ("POST", "/leads/{lead_id}/claim")
TABLE = {
    ("POST", "/leads"): Row(201, 403, 201, 201),
    ("GET", "/leads"): Row(401, 200, 200, 200),
    ("GET", "/leads/{lead_id}"): Row(401, 200, 200, 200),
    ("PUT", "/leads/{lead_id}"): Row(401, 403, 200, 200),
    ("PATCH", "/leads/{lead_id}"): Row(401, 403, 200, 200),
    ("GET", "/leads/{lead_id}/history"): Row(401, 200, 200, 200),
    ("PUT", "/leads/{lead_id}/hold"): Row(401, 403, 200, 200),
    ("DELETE", "/leads/{lead_id}/hold"): Row(401, 403, 204, 204),
    ("POST", "/leads/{lead_id}/notes"): Row(401, 403, 201, 201),
    # Its first entry is no note.
    ("PATCH", "/leads/{lead_id}/notes/{note_id}"): Row(401, 403, 404, 404),
    ("POST", "/leads/{lead_id}/follow-up"): Row(401, 403, 201, 201),
    ("PUT", "/leads/{lead_id}/resume"): Row(401, 403, 204, 204),
    ("GET", "/leads/{lead_id}/resume"): Row(401, 200, 200, 200),
    ("GET", "/leads/{lead_id}/attachments/{attachment_id}"): Row(401, 404, 404, 404),  # it has none
    ("GET", "/leads/{lead_id}/export"): ADMIN_ONLY,
    ("GET", "/leads/{lead_id}/export.zip"): ADMIN_ONLY,
    CLAIM: Row(401, 403, 200, 200),
    ("POST", "/leads/bulk"): Row(401, 403, 200, 200),
    ("POST", "/leads/import"): ADMIN_ONLY,
    ("GET", "/leads/export"): ADMIN_ONLY,
    ("GET", "/imports"): ADMIN_ONLY,
    ("POST", "/imports/{import_id}/undo"): Row(401, 403, 403, 404),
    ("GET", "/follow-ups"): Row(401, 200, 200, 200),
    ("GET", "/stats"): Row(401, 200, 200, 200),
    ("GET", "/reports/weekly"): Row(401, 200, 200, 200),
    ("GET", "/reports/weekly/{week}"): Row(401, 200, 200, 200),
    ("GET", "/reports/weekly/{week}/leads"): Row(401, 200, 200, 200),
    ("POST", "/reports/weekly/{week}/send"): Row(401, 403, 403, 202),
    ("GET", "/deliveries"): ADMIN_ONLY,
    ("POST", "/deliveries/{delivery_id}/retry"): Row(401, 403, 403, 202),
    ("GET", "/quarantine"): Row(401, 403, 200, 200),
    ("POST", "/quarantine/{quarantined_lead_id}/release"): Row(401, 403, 201, 201),
    # The previous row has released it.
    ("DELETE", "/quarantine/{quarantined_lead_id}"): Row(401, 403, 404, 404),
    ("GET", "/users"): ADMIN_ONLY,
    ("POST", "/users"): Row(401, 403, 403, 201),
    ("GET", "/users/{user}"): ADMIN_ONLY,
    ("PATCH", "/users/{user}"): ADMIN_ONLY,
    ("POST", "/invitations"): Row(401, 403, 403, 201),
    ("POST", "/invitations/{user}"): Row(401, 403, 403, 409),
    ("DELETE", "/second-factors/{user}"): Row(401, 403, 403, 204),
    ("DELETE", "/identities/{user}"): Row(401, 403, 403, 204),
    ("GET", "/api-keys"): ADMIN_ONLY,
    ("GET", "/audit"): ADMIN_ONLY,
    ("POST", "/api-keys"): Row(401, 403, 403, 201),
    ("GET", "/api-keys/{api_key}"): ADMIN_ONLY,
    ("DELETE", "/api-keys/{api_key}"): Row(401, 403, 403, 204),
    ("GET", "/healthz"): OPEN,
    ("GET", "/readyz"): OPEN,
    ("GET", "/metrics"): OPEN,  # for callers on the machine; the token is tested elsewhere
    ("GET", "/openapi.json"): OPEN,
    ("GET", "/docs"): OPEN,
    ("GET", "/docs/{name}"): OPEN,
    # Last, because after it there is no lead to be asked about.
    ("DELETE", "/leads/{lead_id}"): Row(401, 403, 403, 204),
}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/leads"): {"json": make_fields("second@example.com")},
    ("PUT", "/leads/{lead_id}"): {"json": {"state": "REACHED_OUT"}},
    ("PATCH", "/leads/{lead_id}"): {"json": {"source": "ad"}},
    ("PUT", "/leads/{lead_id}/hold"): {"json": {"reason": "Lawsuit."}},
    ("POST", "/leads/{lead_id}/notes"): {"json": {"note": "Called."}},
    ("PATCH", "/leads/{lead_id}/notes/{note_id}"): {"json": {"note": "Wrote."}},
    ("PUT", "/leads/{lead_id}/resume"): {"data": b"Can sew.", "content_type": "text/plain"},
    ("POST", "/leads/bulk"): {"json": {"ids": ["unknown"], "state": "LOST"}},
    ("POST", "/users"): {"json": {"name": "new", "role": "viewer", "password": "correct horse"}},
    ("POST", "/invitations"): {"json": {"name": "invited", "role": "viewer", "email": "new@example.com"}},
    ("PATCH", "/users/{user}"): {"json": {"role": "viewer"}},
    ("POST", "/api-keys"): {"json": {"name": "new", "role": "viewer"}},
    ("POST", "/leads/import"): {"data": b"first_name,last_name,email\n", "content_type": "text/csv"},
}
NOT_DESCRIBED = {"/docs/{name}"}
CALLERS = [
    (None, None),
    (Role.SENDER, Way.API_KEY),
    (Role.SENDER, Way.BEARER),
    *((role, way) for role in USER_ROLES for way in Way),
]


def test_access_table_covers_all_routes(app: Flask) -> None:
    assert set(TABLE) == api_routes(app)


@pytest.fixture
def path_values(public: Client, admin: Client) -> dict[str, str]:
    """Names that exist, so that a missing permission is the only reason for an error."""
    lead = admin.post("/leads", make_fields("first@example.com", resume="Can knit.")).body
    report = admin.post("/reports/weekly/2026-W46/send").body
    user = admin.post("/users", {"name": "ann", "role": "viewer", "password": "correct horse"}).body
    key = admin.post("/api-keys", {"name": "website", "role": "viewer"}).body
    quarantined_lead = public.post("/leads", make_fields(leave_this_empty="x")).body
    return {
        "quarantined_lead_id": quarantined_lead["id"],
        "lead_id": lead["id"],
        "attachment_id": "1",
        "note_id": "1",
        "week": report["week"],
        "delivery_id": admin.get("/deliveries").body[0]["id"],
        "user": user["name"],
        "api_key": key["name"],
        "import_id": "unknown",
        "name": "docs.css",
    }


@pytest.mark.parametrize(
    ("role", "way"), CALLERS, ids=[f"{role or ANONYMOUS} with {way}" for role, way in CALLERS]
)
def test_route_access_matches_the_table(
    public: Client,
    accounts: Accounts,
    path_values: dict[str, str],
    role: Role | None,
    way: Way | None,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("cells", len(TABLE))
    client = public if role is None or way is None else accounts.client(public, role, way)
    answered = {}
    for method, template in TABLE:
        send = client.unchecked if template in NOT_DESCRIBED else client.request
        body = BODIES.get((method, template), {})
        answered[method, template] = send(method, template.format_map(path_values), **body).status
    expected = {route: row.expected(role) for route, row in TABLE.items()}
    if way in {Way.API_KEY, Way.BEARER} and expected[CLAIM] == 200:
        expected[CLAIM] = 422  # only users can own leads
    assert answered == expected


@pytest.mark.parametrize(("method", "path"), [("GET", "/leads/unknown"), ("GET", "/reports/weekly/2020-W01")])
def test_existence_is_hidden_without_permission(
    public: Client, viewer: Client, method: str, path: str
) -> None:
    assert public.request(method, path).status == 401
    assert viewer.request(method, path).status == 404


def test_an_error_names_the_permission_that_is_missing(viewer: Client) -> None:
    rejected = viewer.post("/reports/weekly/2026-W46/send")
    assert rejected.status == 403
    assert "report:send" in rejected.body["detail"]
    assert "WWW-Authenticate" not in rejected.headers


def test_send_error_hides_the_week(viewer: Client) -> None:
    rejected = [viewer.post(f"/reports/weekly/{week}/send") for week in ("2026-W46", "2026-W50", "never")]
    assert {response.status for response in rejected} == {403}
    assert len({response.body["detail"] for response in rejected}) == 1


@pytest.mark.parametrize("path", ["/users/ann", "/users/unknown", "/api-keys/website", "/api-keys/unknown"])
def test_account_existence_is_admin_only(
    path_values: dict[str, str], agent: Client, admin: Client, path: str
) -> None:
    assert path_values
    assert agent.get(path).status == 403
    assert admin.get(path).status == (404 if path.endswith("unknown") else 200)


@pytest.mark.parametrize("path", ["/users", "/api-keys"])
def test_account_errors_are_admin_only(agent: Client, path: str) -> None:
    assert agent.post(path, {"nonsense": True}).status == 403
