"""Who may see and do what on the pages: every route of theirs, for somebody unknown and for every role."""

import pytest
from attrs import frozen
from flask import Flask

from leadtracker.domain.model.access import Role
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
FORM = Row(TO_SIGN_IN, 403, 403, 403)
OPEN_FORM = Row(403, 403, 403, 403)
TABLE = {
    ("GET", "/static/{name}"): OPEN,
    ("GET", "/sign-in"): Row(200, 303, 303, 303),
    ("POST", "/sign-in"): OPEN_FORM,
    ("POST", "/sign-out"): OPEN_FORM,
    ("GET", "/dashboard"): STAFF,
    ("GET", "/"): OPEN,
    ("GET", "/thanks"): OPEN,
    ("GET", "/form/embed"): OPEN,
    ("GET", "/form/embed/thanks"): OPEN,
    ("GET", "/dashboard/quarantine"): Row(TO_SIGN_IN, 403, 200, 200),
    ("POST", "/dashboard/quarantine/{suspect_id}/release"): FORM,
    ("POST", "/dashboard/quarantine/{suspect_id}/discard"): FORM,
}


def test_the_table_has_every_page(app: Flask) -> None:
    assert set(TABLE) == page_routes(app)


@pytest.mark.parametrize("role", [None, *Role])
def test_every_cell_of_the_table(visitor: Visitor, signed_in: SignedIn, role: Role | None) -> None:
    person = visitor if role is None else signed_in(role)
    answered = {}
    for method, template in TABLE:
        path = template.format(name="base.css", suspect_id="nobody")
        answered[method, template] = (person.get(path) if method == "GET" else person.post(path)).status
    assert answered == {route: row.expected(role) for route, row in TABLE.items()}
