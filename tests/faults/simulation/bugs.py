"""Bugs that are planted to show that the simulation finds them; each replaces an adapter or a use case."""

from datetime import datetime, timedelta
from typing import Any, Self

from attrs import evolve, frozen
from dependency_injector.providers import Object

from leadtracker.container import Container
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Delivery
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from leadtracker.domain.use_cases.deliveries.delivery_worker import (
    DeliverableT,
    DeliveryQueue,
    DeliveryWorker,
)
from leadtracker.domain.use_cases.deliveries.notifications import Notifications
from leadtracker.domain.use_cases.reports.weekly_schedule import WeeklySchedule
from tests.faults.simulation.ports import SimulatedUnitOfWork
from tests.faults.simulation.simulation import Bug
from tests.support.memory.deliveries.delivery_repository import MemoryDeliveryRepository
from tests.support.memory.reports.report_ledger import MemoryReportLedger

_DELIVERED = DeliveryResult(outcome=Outcome.DELIVERED)


@frozen
class _WithoutEpochs(MemoryDeliveryRepository):
    """Stores what a late writer says."""

    def replace(self, delivery: Delivery, *, epoch: int) -> bool:  # noqa: ARG002 - the bug
        return super().replace(delivery, epoch=self.get(delivery.id).epoch)


@frozen
class _WithoutLeases(MemoryDeliveryRepository):
    """Stores claims without their leases."""

    def replace(self, delivery: Delivery, *, epoch: int) -> bool:
        leased_until = delivery.leased_until and delivery.attempts[-1].started_at
        return super().replace(evolve(delivery, leased_until=leased_until), epoch=epoch)


@frozen
class _LedgerWithoutEpochs(MemoryReportLedger):
    """Stores what a late writer says."""

    def replace(self, report: WeeklyReport, *, epoch: int) -> bool:  # noqa: ARG002 - the bug
        return super().replace(report, epoch=self.get(report.week.name).epoch)


class _Units:
    """Units of work with another repository of deliveries or another ledger."""

    def __init__(self, **replaced: Any) -> None:
        self._replaced = replaced

    def __call__(self, world: Any, *, writable: bool) -> SimulatedUnitOfWork:
        replaced = self._replaced

        class Unit(SimulatedUnitOfWork):
            def __enter__(self) -> Self:
                super().__enter__()
                for name, repository in replaced.items():
                    setattr(self, name, repository(self._transaction))
                return self

        return Unit(world, writable=writable)


@frozen(kw_only=True)
class _MarkingWorker(DeliveryWorker):
    """Records a delivery before it sends it."""

    def _claim(self, tx: UnitOfWork, queue: DeliveryQueue[DeliverableT]) -> DeliverableT | None:
        claimed = super()._claim(tx, queue)
        if claimed is not None:
            marked = claimed.record_result(_DELIVERED, self._clock.now(), 0.5)
            queue.store(tx, marked, claimed.epoch)
        return claimed


@frozen
class _ImpatientSchedule(WeeklySchedule):
    """Seals a week as soon as it ends, when its last leads may not be stored yet."""

    def seal_closed(self, tx: UnitOfWork, now: datetime) -> list[WeeklyReport]:
        return super().seal_closed(tx, now + timedelta(minutes=5))


def _use_marking_worker(container: Container) -> None:
    worker = container.delivery_worker()
    container.delivery_worker.override(
        Object(
            _MarkingWorker(
                unit_of_work=worker._unit_of_work,  # noqa: SLF001 - the same worker with a bug
                clock=worker._clock,  # noqa: SLF001
                ids=worker._ids,  # noqa: SLF001
            )
        )
    )


def _use_impatient_schedule(container: Container) -> None:
    right = container.weekly_schedule()
    container.weekly_schedule.override(
        Object(_ImpatientSchedule(right.zone, right.catch_up_weeks, right.notifications))
    )


class _RepeatingNotifications(Notifications):
    """Mails each sealed week twice."""

    def week_sealed(self, tx: UnitOfWork, report: WeeklyReport, now: datetime) -> int:
        return super().week_sealed(tx, report, now) + super().week_sealed(tx, report, now)


def _use_repeating_notifications(container: Container) -> None:
    right = container.weekly_schedule()
    repeating = _RepeatingNotifications(
        ids=container.ids(),
        notify=container.notify_addresses(),
        endpoints=(),
        report_to=container.report_addresses(),
    )
    container.weekly_schedule.override(Object(WeeklySchedule(right.zone, right.catch_up_weeks, repeating)))


BUGS = {
    "a delivery is stored without a check of its epoch": Bug(_Units(deliveries=_WithoutEpochs)),
    "a report is stored without a check of its epoch": Bug(_Units(ledger=_LedgerWithoutEpochs)),
    "a claim loses its lease": Bug(_Units(deliveries=_WithoutLeases)),
    "a delivery is marked before it is sent": Bug(change=_use_marking_worker),
    "a week is mailed twice": Bug(change=_use_repeating_notifications),
    "a week is sealed too early": Bug(change=_use_impatient_schedule),
}
