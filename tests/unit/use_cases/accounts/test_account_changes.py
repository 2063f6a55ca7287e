"""Users are mailed what changes of what proves them, so that they notice what another person does."""

from collections.abc import Callable

import pytest

from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.accounts.user_session import Browser
from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from tests.support.memory.in_memory_app import ADMIN, InMemoryApp

PHRASE, OTHER = "correct horse battery", "a better horse"
Change = Callable[[InMemoryApp], object]


@pytest.fixture
def app() -> InMemoryApp:
    """An installation with the user ``ann``, who has an address."""
    app = InMemoryApp()
    app.manage_users.add(OPERATOR, "ann", Role.AGENT, PHRASE, "ann@example.com")
    return app


def mailed(app: InMemoryApp) -> list[tuple[str, str | None]]:
    """Return the recipients and texts of the e-mails about changes."""
    deliveries = app.manage_deliveries.page(ADMIN, None, limit=9, after=None).items
    return [(one.recipient, one.text) for one in deliveries if one.kind is DeliveryKind.ACCOUNT_CHANGE]


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        (lambda app: app.manage_users.set_password(ADMIN, "ann", OTHER), ["password ann"]),
        (
            lambda app: app.change_password(app.manage_users.one(OPERATOR, "ann"), PHRASE, OTHER, Browser()),
            ["password ann"],
        ),
        (lambda app: app.manage_users.change(ADMIN, "ann", {"email": "bo@example.com"}), ["email ann"]),
        (lambda app: app.manage_users.change(ADMIN, "ann", {"email": None}), ["email ann"]),
        (lambda app: app.manage_users.change(ADMIN, "ann", {"email": "ann@EXAMPLE.com"}), []),
        (lambda app: app.manage_users.change(ADMIN, "ann", {"role": "viewer"}), []),
        (lambda app: app.manage_second_factor.remove(ADMIN, "ann"), []),
    ],
)
def test_change_is_mailed_to_the_former_address(app: InMemoryApp, change: Change, texts: list[str]) -> None:
    change(app)
    assert mailed(app) == [("ann@example.com", text) for text in texts]


def test_user_without_an_address_gets_no_mail(app: InMemoryApp) -> None:
    app.manage_users.add(OPERATOR, "bob", Role.AGENT, PHRASE)
    app.manage_users.set_password(ADMIN, "bob", OTHER)
    assert mailed(app) == []
