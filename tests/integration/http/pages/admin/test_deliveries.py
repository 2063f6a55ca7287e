"""The deliveries page."""

from datetime import timedelta
from pathlib import Path

import pytest

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, PUBLIC, Role
from leadtracker.domain.model.deliveries.delivery import DeliveryState
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_fields
from tests.support.clients.html_client import HtmlClient
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase

PATH = "/dashboard/deliveries"


@pytest.fixture
def container(make_container: MakeContainer, tmp_path: Path) -> Container:
    return make_container(notify="office@example.com", data_dir=tmp_path)


@pytest.fixture
def admin(signed_in: SignedIn) -> HtmlClient:
    return signed_in(Role.ADMIN)


def states(container: Container) -> set[DeliveryState]:
    page = container.manage_deliveries().page(OPERATOR, None, limit=100, after=None)
    return {delivery.state for delivery in page.items}


def test_empty_page_shows_a_hint(admin: HtmlClient) -> None:
    assert "Nothing has been sent yet." in admin.get(PATH).html
    assert "No delivery has the state “Failed”." in admin.get(f"{PATH}?state=failed").html


def test_pending_delivery_can_be_sent_now(admin: HtmlClient, container: Container) -> None:
    container.capture_lead()(PUBLIC, make_fields("ann@example.com"))
    seen = admin.get(PATH)
    assert "ann@example.com" in seen.html
    assert "office@example.com" in seen.html
    assert admin.submit(seen.form(f"{PATH}/")).location == PATH
    assert "It will be retried within seconds." in admin.get(PATH).html


def test_deliveries_name_their_leads(admin: HtmlClient, container: Container, raw_db: RawDatabase) -> None:
    lead = container.capture_lead()(PUBLIC, make_fields("ann@example.com")).lead
    assert admin.get(PATH).html.count(f'<a href="/dashboard/leads/{lead.id}">Ann Lee</a>') == 2
    raw_db.execute("DELETE FROM leads")
    assert admin.get(PATH).html.count('<span class="muted">Erased</span>') == 2


def test_all_failed_deliveries_can_be_retried(
    admin: HtmlClient, container: Container, raw_db: RawDatabase
) -> None:
    container.capture_lead()(PUBLIC, make_fields("ann@example.com"))
    raw_db.execute("UPDATE deliveries SET state = 'failed', due_at = NULL")
    seen = admin.get(f"{PATH}?state=failed")
    assert admin.submit_and_answer(seen.form(f"{PATH}/retry-failed")).status == 303
    assert "2 failed deliveries will be retried now." in admin.get(PATH).html
    assert states(container) == {DeliveryState.PENDING}


def test_all_pending_deliveries_can_be_retried(
    admin: HtmlClient, container: Container, raw_db: RawDatabase
) -> None:
    container.capture_lead()(PUBLIC, make_fields("ann@example.com"))
    assert "Retry all pending" not in admin.get(f"{PATH}?state=pending").html
    raw_db.execute(
        "INSERT INTO delivery_attempts (delivery_id, number, started_at, outcome) "
        "SELECT id, 1, created_at, 'not_sent' FROM deliveries"
    )
    seen = admin.get(f"{PATH}?state=pending")
    assert admin.submit(seen.form(f"{PATH}/retry-pending")).status == 303
    assert "2 pending deliveries will be retried now." in admin.get(PATH).html


def test_mails_in_files_do_not_look_like_sent_ones(admin: HtmlClient, container: Container) -> None:
    container.capture_lead()(PUBLIC, make_fields("ann@example.com"))
    assert [one.state for one in container.deliver_notifications().mail()] == ["sent", "sent"]
    html = admin.get(PATH).html
    assert html.count('<span class="badge written">Written to a file</span>') == 2
    assert 'class="badge sent"' not in html


def test_failed_retry_shows_the_reason(admin: HtmlClient, container: Container, raw_db: RawDatabase) -> None:
    container.capture_lead()(PUBLIC, make_fields("ann@example.com"))
    form = admin.get(PATH).form(f"{PATH}/")
    raw_db.execute("UPDATE deliveries SET state = 'sent', due_at = NULL")
    assert admin.submit(form).status == 303
    assert 'class="message error"' in admin.get(PATH).html


def test_older_deliveries_are_on_the_next_page(
    admin: HtmlClient, container: Container, clock: MemoryClock
) -> None:
    for number in range(30):
        clock.advance(timedelta(seconds=1))
        container.capture_lead()(PUBLIC, make_fields(f"ann{number}@example.com"))
    first = admin.get(PATH)
    second = admin.get(first.link("Older ones"))
    assert ("ann29@" in first.html, "ann0@" in first.html) == (True, False)
    assert ("ann29@" in second.html, "ann0@" in second.html) == (False, True)


def test_invalid_state_shows_error_page(admin: HtmlClient) -> None:
    assert admin.get(f"{PATH}?state=nonsense").status == 422
