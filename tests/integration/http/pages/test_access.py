"""Who may see and do what on the pages: every route of theirs, for somebody unknown and for every role."""

import pytest
from attrs import frozen
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.access import OPERATOR, Role
from tests.integration.http.conftest import PHRASE
from tests.integration.http.pages.conftest import SignedIn
from tests.support.routes import page_routes
from tests.support.visitor import Visitor


@frozen
class Row:
    """What a route answers to somebody unknown, a viewer, an agent and an admin; forms come without token."""

    unknown: int
    viewer: int
    agent: int
    admin: int

    def expected(self, role: Role | None) -> int:
        return self.unknown if role is None else int(getattr(self, role.value))


TO_SIGN_IN = 303
OPEN = Row(200, 200, 200, 200)
STAFF = Row(TO_SIGN_IN, 200, 200, 200)
ADMIN_ONLY = Row(TO_SIGN_IN, 403, 403, 200)
FORM = Row(TO_SIGN_IN, 403, 403, 403)
OPEN_FORM = Row(403, 403, 403, 403)
TABLE = {
    ("GET", "/static/{name}"): OPEN,
    ("GET", "/sign-in"): Row(200, 303, 303, 303),
    ("POST", "/sign-in"): OPEN_FORM,
    ("POST", "/sign-out"): OPEN_FORM,
    ("GET", "/dashboard"): STAFF,
    ("GET", "/dashboard/reports"): STAFF,
    ("POST", "/dashboard/reports/{week}/send"): FORM,
    ("GET", "/dashboard/deliveries"): ADMIN_ONLY,
    ("POST", "/dashboard/deliveries/{delivery_id}/retry"): FORM,
    ("POST", "/dashboard/deliveries/retry-dead"): FORM,
    ("GET", "/dashboard/users"): ADMIN_ONLY,
    ("POST", "/dashboard/users"): FORM,
    ("GET", "/dashboard/users/{user}"): ADMIN_ONLY,
    ("POST", "/dashboard/users/{user}"): FORM,
    ("GET", "/dashboard/keys"): ADMIN_ONLY,
    ("POST", "/dashboard/keys"): FORM,
    ("POST", "/dashboard/keys/{api_key}/revoke"): FORM,
    ("GET", "/dashboard/password"): STAFF,
    ("POST", "/dashboard/password"): FORM,
}


def test_the_table_has_every_page(app: Flask) -> None:
    assert set(TABLE) == page_routes(app)


NAMES = {"name": "base.css", "week": "2026-W46", "delivery_id": "one", "user": "ann", "api_key": "site"}


@pytest.mark.parametrize("role", [None, *Role])
def test_every_cell_of_the_table(
    container: Container, visitor: Visitor, signed_in: SignedIn, role: Role | None
) -> None:
    container.manage_users().add(OPERATOR, "ann", Role.VIEWER, PHRASE)
    person = visitor if role is None else signed_in(role)
    answered = {}
    for method, template in TABLE:
        path = template.format_map(NAMES)
        answered[method, template] = (person.get(path) if method == "GET" else person.post(path)).status
    assert answered == {route: row.expected(role) for route, row in TABLE.items()}
