"""The page of the outbox."""

from datetime import timedelta

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Role
from leadtracker.domain.model.deliveries.delivery import DeliveryState
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_fields
from tests.support.html_client import Visitor
from tests.support.memory.clock import MemoryClock
from tests.support.raw_database import BackDoor

PATH = "/dashboard/deliveries"


@pytest.fixture
def container(make_container: MakeContainer) -> Container:
    return make_container(notify="office@example.com")


@pytest.fixture
def admin(signed_in: SignedIn) -> Visitor:
    return signed_in(Role.ADMIN)


def states(container: Container) -> set[DeliveryState]:
    page = container.manage_deliveries().page(OPERATOR, None, limit=100, after=None)
    return {delivery.state for delivery in page.deliveries}


def test_an_empty_delivery_list_says_what_will_be_here(admin: Visitor) -> None:
    assert "Nothing has been sent yet." in admin.get(PATH).html
    assert "Nothing is failed." in admin.get(f"{PATH}?state=failed").html


def test_what_waits_is_shown_and_tried_at_once_on_demand(admin: Visitor, container: Container) -> None:
    container.capture_lead()(PUBLIC, make_fields("ann@example.com"))
    seen = admin.get(PATH)
    assert "ann@example.com" in seen.html
    assert "office@example.com" in seen.html
    assert admin.submit(seen.form(f"{PATH}/")).location == PATH
    assert "It will be tried again within seconds." in admin.get(PATH).html


def test_dead_ones_are_raised_together(admin: Visitor, container: Container, back_door: BackDoor) -> None:
    container.capture_lead()(PUBLIC, make_fields("ann@example.com"))
    back_door.execute("UPDATE deliveries SET state = 'failed', due_at = NULL")
    seen = admin.get(f"{PATH}?state=failed")
    assert admin.submit(seen.form(f"{PATH}/retry-failed")).status == 303
    assert "2 failed deliveries will be tried again now." in admin.get(PATH).html
    assert states(container) == {DeliveryState.PENDING}


def test_what_cannot_be_tried_again_says_why(
    admin: Visitor, container: Container, back_door: BackDoor
) -> None:
    container.capture_lead()(PUBLIC, make_fields("ann@example.com"))
    form = admin.get(PATH).form(f"{PATH}/")
    back_door.execute("UPDATE deliveries SET state = 'sent', due_at = NULL")
    assert admin.submit(form).status == 303
    assert 'class="message error"' in admin.get(PATH).html


def test_older_ones_are_a_page_away(admin: Visitor, container: Container, clock: MemoryClock) -> None:
    for number in range(30):
        clock.advance(timedelta(seconds=1))
        container.capture_lead()(PUBLIC, make_fields(f"ann{number}@example.com"))
    first = admin.get(PATH)
    second = admin.get(first.link("Older ones"))
    assert ("ann29@" in first.html, "ann0@" in first.html) == (True, False)
    assert ("ann29@" in second.html, "ann0@" in second.html) == (False, True)


def test_a_bad_state_is_rejected_in_words(admin: Visitor) -> None:
    assert admin.get(f"{PATH}?state=nonsense").status == 422
