"""People who look at the pages, over a real database of each kind in turn."""

from collections.abc import Callable

import pytest
from flask import Flask

from leadtracker.container import Container
from leadtracker.domain.model.access import OPERATOR, Role
from tests.integration.http.conftest import PHRASE
from tests.support.visitor import Visitor

SignedIn = Callable[[Role], Visitor]


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor.of(app)


@pytest.fixture
def signed_in(app: Flask, container: Container) -> SignedIn:
    """Signs in somebody of a role, whose name is that of the role."""

    def sign_in(role: Role) -> Visitor:
        if container.manage_users().all(OPERATOR) == [] or role not in {
            user.name for user in container.manage_users().all(OPERATOR)
        }:
            container.manage_users().add(OPERATOR, role, role, PHRASE)
        visitor = Visitor.of(app)
        assert visitor.sign_in(role, PHRASE).status == 303
        return visitor

    return sign_in
