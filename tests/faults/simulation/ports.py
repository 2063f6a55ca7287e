"""The ports as the simulated processes see them: in memory, with a step of the world around each call."""

from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.reports.report_sink import ReportSink
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.memory.deliveries.email_sender import MemoryEmailSender
from tests.support.memory.deliveries.webhook_sender import MemoryWebhookSender
from tests.support.memory.store import MemoryStore, Tables
from tests.support.memory.unit_of_work import MemoryUnitOfWork


class World(Protocol):
    """The world as the ports see it."""

    store: MemoryStore

    def step(self, call: str) -> None:
        """Let anything happen at this place: other processes run, this one crashes, time passes."""
        ...

    def lock(self) -> None:
        """Wait until no process writes, and become the one that does."""
        ...

    def unlock(self) -> None:
        """Let other processes write."""
        ...

    def committed(self, before: Tables) -> None:
        """Check the commit that has replaced ``before``."""
        ...

    def receive(self, message: str) -> DeliveryResult:
        """Return what a receiver answers, and record if it has accepted the message with that id."""
        ...

    def receive_report(self, report: WeeklyReport) -> DeliveryResult:
        """As ``receive``, for a weekly report."""
        ...


class SimulatedUnitOfWork(MemoryUnitOfWork):
    """A unit of work, with steps before it begins, before its commit and after it."""

    def __init__(self, world: World, *, writable: bool) -> None:
        super().__init__(world.store, writable=writable)
        self._world = world

    def __enter__(self) -> Self:
        self._world.step("begin")
        if self._writable:
            self._world.lock()
        return super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, traceback)
        if self._writable:
            self._world.unlock()

    def commit(self) -> None:
        self._world.step("commit")
        before = self._store.committed
        super().commit()
        self._world.committed(before)
        self._world.step("committed")


class SimulatedUnitOfWorkFactory(UnitOfWorkFactory):
    """Creates simulated units of work.

    Args:
        world: where they take place.
        open_unit: makes one; a test replaces it to plant a bug in a repository.
    """

    def __init__(
        self, world: World, open_unit: Callable[..., SimulatedUnitOfWork] = SimulatedUnitOfWork
    ) -> None:
        self._world = world
        self._open_unit = open_unit

    def __call__(self) -> SimulatedUnitOfWork:
        return self._open_unit(self._world, writable=True)

    def read_only(self) -> SimulatedUnitOfWork:
        return self._open_unit(self._world, writable=False)

    def snapshot(self) -> SimulatedUnitOfWork:
        return self.read_only()


class SimulatedEmailSender(MemoryEmailSender):
    """A mail server."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def send(self, email: Email) -> DeliveryResult:
        return self._world.receive(email.message_id.strip("<>").partition("@")[0])


class SimulatedWebhookSender(MemoryWebhookSender):
    """The endpoints of webhooks."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def send(self, endpoint: WebhookEndpoint, event: WebhookEvent) -> DeliveryResult:  # noqa: ARG002 - the port's signature
        return self._world.receive(event.id)


class SimulatedReportSink(ReportSink):
    """The receiver of weekly reports."""

    def __init__(self, world: World) -> None:
        self._world = world

    def deliver(self, report: WeeklyReport) -> DeliveryResult:
        return self._world.receive_report(report)
