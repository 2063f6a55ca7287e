"""The alerts of the reports page: weeks that an operator has to do something about."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR, Role
from leadtracker.domain.model.reports.heartbeat import MAX_HEARTBEAT_GAP
from tests.integration.http.conftest import MakeContainer
from tests.integration.http.pages.conftest import SignedIn
from tests.support.memory.system import MemoryClock
from tests.support.servers import receiver as reactions
from tests.support.servers.receiver import Receiver

PATH = "/dashboard/reports"
REJECTED = "The receiver has rejected the number."
PAUSED = "No week is sealed now"


@pytest.fixture
def retool() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def container(make_container: MakeContainer, retool: Receiver) -> Container:
    return make_container(retool_url=SecretStr(retool.url))


@pytest.mark.parametrize(("status", "is_shown"), [(401, True), (302, True), (503, False), (200, False)])
def test_rejected_number_is_an_alert_with_its_attempts_open(
    signed_in: SignedIn, container: Container, retool: Receiver, status: int, *, is_shown: bool
) -> None:
    retool.expect(reactions.response(status))
    container.seal_weeks()()
    assert len(list(container.send_due_reports()())) == 1
    html = signed_in(Role.VIEWER).get(PATH).html
    assert (REJECTED in html, "<details open>" in html) == (is_shown, is_shown)


def test_alert_ends_when_the_number_is_accepted(
    signed_in: SignedIn, container: Container, retool: Receiver
) -> None:
    retool.expect(reactions.response(404))
    week = container.seal_weeks()().sealed[-1].week.name
    list(container.send_due_reports()())
    admin = signed_in(Role.ADMIN)
    assert REJECTED in admin.get(PATH).html
    container.send_report_now()(OPERATOR, week)
    assert REJECTED not in admin.get(PATH).html


def test_paused_sealing_is_not_shown_as_a_missing_scheduler(
    signed_in: SignedIn, container: Container, clock: MemoryClock
) -> None:
    container.seal_weeks()()
    clock.advance(MAX_HEARTBEAT_GAP + timedelta(seconds=1))
    container.seal_weeks()()
    admin = signed_in(Role.ADMIN)
    html = admin.get(PATH).html
    assert (PAUSED in html, "The scheduler is not running" in html) == (True, False)
    container.send_report_now()(OPERATOR, None)
    assert PAUSED not in admin.get(PATH).html
