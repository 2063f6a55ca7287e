"""The steps of the setup that the dashboard lists for admins, and its alert about a mail server."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import Attempt, Outcome
from leadtracker.domain.model.deliveries.delivery import DeliveryState
from leadtracker.entrypoints.http.app import create_app
from tests.integration.http.conftest import PHRASE, MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.builders import make_delivery
from tests.support.clients.html_client import HtmlClient
from tests.support.clock import NOW
from tests.support.database import on_sqlite

PATH = "/dashboard"
ALERT = "E-mails cannot be sent at present."
REFUSED = AttemptDetail(DetailCode.SMTP_UNREACHABLE, host="mx.firm.example", error="ConnectionRefusedError")

pytestmark = on_sqlite


@pytest.fixture
def done(tmp_path: Path) -> dict[str, Any]:
    """The settings of an installation whose setup is finished."""
    (tmp_path / "last_backup").touch()
    return {
        "data_dir": tmp_path,
        "smtp_url": SecretStr("smtp://127.0.0.1:2525"),
        "notify": "sales@example.com",
        "organisation": "Example Ltd",
        "timezone": ZoneInfo("UTC"),
    }


def signed_in_to(container: Container, role: Role = Role.ADMIN) -> HtmlClient:
    container.manage_users().add(OPERATOR, role.value, role, PHRASE)
    html_client = HtmlClient.of(create_app(container))
    html_client.sign_in(role.value, PHRASE)
    return html_client


@contextmanager
def failed_attempts(
    container: Container,
    number: int,
    outcome: Outcome = Outcome.NOT_SENT,
    detail: AttemptDetail = REFUSED,
) -> Iterator[None]:
    """Store an e-mail that was attempted in vain, and remove it at the end."""
    delivery = make_delivery(lead_id=None)
    attempts = [
        Attempt(number=one, started_at=NOW, outcome=outcome, detail=detail) for one in range(1, number + 1)
    ]
    with container.unit_of_work()() as tx:
        tx.deliveries.add([delivery])
        for epoch in range(1, number + 1):
            changed = evolve(delivery, attempts=tuple(attempts[:epoch]), epoch=epoch)
            tx.deliveries.replace(changed, epoch=epoch - 1)
        tx.commit()
    yield
    with container.unit_of_work()() as tx:
        tx.deliveries.remove(delivery.id)
        tx.commit()


def test_setup_is_listed_for_admins_until_it_is_done(signed_in: SignedIn) -> None:
    shown = signed_in(Role.ADMIN).get(PATH).html
    assert "0 of 5 done" in shown
    assert "LEADTRACKER_SMTP_URL=smtp://" in shown
    assert 'href="/">Public form</a>' in shown
    assert "setup-title" not in signed_in(Role.AGENT).get(PATH).html


def test_finished_setup_is_not_listed(make_container: MakeContainer, done: dict[str, Any]) -> None:
    container = make_container(**done)
    html_client = signed_in_to(container)
    assert "setup-title" not in html_client.get(PATH).html
    with failed_attempts(container, 3):
        assert "setup-title" not in html_client.get(PATH).html


@pytest.mark.parametrize("name", ["  ", "\u200b"])
def test_blank_organisation_is_none(make_container: MakeContainer, done: dict[str, Any], name: str) -> None:
    shown = signed_in_to(make_container(**(done | {"organisation": name}))).get(PATH).html
    assert "<strong>Name your organisation</strong>" in shown
    assert "4 of 5 done" in shown


def test_useless_mail_server_is_not_done(make_container: MakeContainer, done: dict[str, Any]) -> None:
    container = make_container(**(done | {"organisation": None}))
    html_client = signed_in_to(container)
    assert "4 of 5 done" in html_client.get(PATH).html
    with failed_attempts(container, 3):
        shown = html_client.get(PATH).html
    assert "3 of 5 done" in shown
    assert 'href="/dashboard/deliveries#test-title"' in shown
    assert 'id="test-title"' in html_client.get("/dashboard/deliveries").html


def test_admins_see_that_mails_cannot_be_sent(make_container: MakeContainer, done: dict[str, Any]) -> None:
    container = make_container(**done)
    admin, agent = signed_in_to(container), signed_in_to(container, Role.AGENT)
    assert ALERT not in admin.get(PATH).html
    with failed_attempts(container, 3):
        shown = admin.get(PATH).html
        assert ALERT in shown
        assert "mx.firm.example refused the connection. Check the port" in shown
        assert ALERT not in agent.get(PATH).html
    assert ALERT not in admin.get(PATH).html


def send(container: Container, delivery_id: str, sent_at: datetime) -> None:
    """Store an e-mail that was sent at its first attempt."""
    delivery = make_delivery(delivery_id, lead_id=None, state=DeliveryState.SENT, due_at=None)
    attempt = Attempt(number=1, started_at=sent_at, outcome=Outcome.DELIVERED)
    with container.unit_of_work()() as tx:
        tx.deliveries.add([delivery])
        tx.deliveries.replace(evolve(delivery, attempts=(attempt,), epoch=1), epoch=0)
        tx.commit()


def test_alert_ends_with_a_later_mail(make_container: MakeContainer, done: dict[str, Any]) -> None:
    container = make_container(**done)
    admin = signed_in_to(container)
    with failed_attempts(container, 3):
        send(container, "m-2", NOW)
        assert ALERT in admin.get(PATH).html
        send(container, "m-3", NOW + timedelta(seconds=1))
        assert ALERT not in admin.get(PATH).html


@pytest.mark.parametrize(
    ("number", "outcome", "detail"),
    [
        (2, Outcome.NOT_SENT, REFUSED),
        (4, Outcome.RETRY, REFUSED),
        (3, Outcome.NOT_SENT, AttemptDetail(DetailCode.TEMPLATE_FAILED, error="ValueError", path="digest")),
    ],
)
def test_other_failures_are_no_alert(
    make_container: MakeContainer, done: dict[str, Any], number: int, outcome: Outcome, detail: AttemptDetail
) -> None:
    container = make_container(**done)
    with failed_attempts(container, number, outcome, detail):
        assert ALERT not in signed_in_to(container).get(PATH).html
