"""Many schedulers that test the public form at once: the form is submitted once a day, on real databases."""

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import pytest
from attrs import define, field
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.deliveries.canary import CanaryFailure, FormVisit
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetail, CanaryDetailCode
from leadtracker.domain.ports.intake.canary import FormVisitor
from leadtracker.settings import Settings
from tests.support.clock import DAY, NOW
from tests.support.instruments.concurrency import run_in_threads
from tests.support.memory.system import MemoryClock

SCHEDULERS = 4


@define
class CountingVisitor(FormVisitor):
    """Captures the lead itself, unless the server is down."""

    container: Container
    visits: list[str] = field(factory=list)
    is_down: bool = False
    _lock: threading.Lock = field(factory=threading.Lock)

    def submit(self, inputs: Mapping[str, str]) -> FormVisit:
        with self._lock:
            self.visits.append(inputs["email"])
        if self.is_down:
            return FormVisit(CanaryFailure.UNREACHABLE, CanaryDetail.of(CanaryDetailCode.TIMEOUT))
        self.container.capture_lead()(PUBLIC, inputs)
        return FormVisit()


@pytest.fixture
def clock() -> MemoryClock:
    return MemoryClock(NOW)


@pytest.fixture
def container(database_url: str, clock: MemoryClock) -> Iterator[Container]:
    container = Container(
        settings=Settings(
            database_url=SecretStr(database_url), public_url="https://leads.firm.example", canary="on"
        )
    )
    container.clock.override(providers.Object(clock))
    yield container
    container.dialect().close()


@pytest.fixture
def visitor(container: Container) -> CountingVisitor:
    visitor = CountingVisitor(container)
    container.form_visitor.override(providers.Object(visitor))
    return visitor


def work(container: Container, clock: MemoryClock, until: datetime) -> list[CanaryFailure | None]:
    """Let several schedulers work at once every ten minutes; return the failures of the attempts that end."""
    ended: list[CanaryFailure | None] = []
    while clock.now() < until:
        found = run_in_threads(SCHEDULERS, lambda _: container.run_canary()())
        ended.extend(run.failure for run in found if run is not None)
        list(container.deliver_notifications().mail())
        clock.advance(timedelta(minutes=10))
    return ended


def test_form_is_submitted_once_a_day(
    container: Container, clock: MemoryClock, visitor: CountingVisitor
) -> None:
    assert work(container, clock, NOW + timedelta(hours=1)) == [None]
    clock.advance(DAY)
    assert work(container, clock, clock.now() + timedelta(hours=1)) == [None]
    assert len(visitor.visits) == len(set(visitor.visits)) == 2


def test_each_attempt_of_a_day_is_made_once(
    container: Container, clock: MemoryClock, visitor: CountingVisitor
) -> None:
    visitor.is_down = True
    assert work(container, clock, NOW + timedelta(hours=2)) == [CanaryFailure.UNREACHABLE] * 3
    assert len(visitor.visits) == len(set(visitor.visits)) == 3
