"""Run one simulation: an office that receives leads for some weeks, and three schedulers."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen
from dependency_injector.providers import Object

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint
from leadtracker.domain.model.reports.week import Week
from leadtracker.domain.model.values.email_address import EmailAddress
from tests.faults.simulation.decisions import Decisions
from tests.faults.simulation.ports import (
    SimulatedEmailSender,
    SimulatedReportSink,
    SimulatedUnitOfWork,
    SimulatedUnitOfWorkFactory,
    SimulatedWebhookSender,
)
from tests.faults.simulation.processes import Process, ProcessClock
from tests.faults.simulation.world import SimulatedWorld
from tests.support.builders import make_fields
from tests.support.clock import WEEK, at
from tests.support.memory.in_memory_app import InMemoryApp

_BEGIN = at("2026-10-12T08:00:00Z")
"""Two weeks before clocks change in Europe, three before they change in America."""
_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
_SCHEDULERS = 3
_SEAL_INTERVAL = timedelta(minutes=5)
_SLACK = timedelta(seconds=60)
_LEADS_AT_ONCE = 8
_AROUND_THE_END = timedelta(seconds=150)
_DOWNTIMES = (*[timedelta(seconds=70)] * 8, timedelta(hours=5), timedelta(days=2), timedelta(days=16))
_DOWNTIME_CHANCE = 0.02


@frozen
class Bug:
    """A bug to plant, for a test of the simulation.

    Attributes:
        open_unit: makes the units of work.
        change: changes a container before its first use.
    """

    open_unit: Callable[..., SimulatedUnitOfWork] = SimulatedUnitOfWork
    change: Callable[[Container], object] = lambda container: container


@frozen
class Size:
    """How much happens in one simulation."""

    weeks: int = 4
    leads_per_week: int = 16


class Simulation:
    """One installation from its first lead until everything is at rest.

    Args:
        decisions: all that is left to chance; what the clients do follows from their seed alone.
        size: how much happens.
        bug: a bug to plant.
    """

    def __init__(self, decisions: Decisions, size: Size, bug: Bug | None = None) -> None:
        self.world = SimulatedWorld(decisions, _BEGIN)
        self._bug = bug or Bug()
        plan = random.Random(decisions.seed)  # noqa: S311 - not used for security
        self._end = _BEGIN + size.weeks * WEEK
        zone = ZoneInfo(plan.choice(_ZONES))
        self._arrivals = sorted(_plan_arrivals(plan, size, zone), reverse=True)
        self._app = self._build(zone)
        self._people = 0

    def run(self) -> None:
        """Run to the end and to rest.

        Raises:
            PromiseBroken: at once when a promise is broken.
        """
        world = self.world
        world.processes = [
            *(Process(f"scheduler {number}", _Scheduler(self._app, world)) for number in range(_SCHEDULERS)),
            Process("web", self._capture),
        ]
        try:
            while world.now < self._end:
                self._take_turn(self._end)
            world.calm()
            self._come_to_rest()
        finally:
            for process in world.processes:
                process.stop()
        world.promises.check_rest(world.store.committed)

    def _take_turn(self, end: datetime) -> None:
        process = self.world.choose_process()
        if process is not None:
            self.world.take_turn(process)
        else:
            self.world.wake(self._next_event(end))

    def _come_to_rest(self) -> None:
        """Work on what is left: until nothing is due and the last week is sealed."""
        world = self.world
        end = world.now + 2 * WEEK
        while world.now < end:
            self._take_turn(end)

    def _next_event(self, end: datetime) -> datetime:
        """Return when there is something to do: a lead arrives, a delivery is due, or a day has passed."""
        world, tables = self.world, self.world.store.committed
        times = [end, world.now + WEEK / 7]
        times += [self._arrivals[-1]] if self._arrivals else []
        times += [time for row in tables.deliveries.values() if (time := row.due_at or row.leased_until)]
        times += [time for row in tables.reports.values() if (time := row.due_at or row.leased_until)]
        times += [process.frozen_until for process in world.processes if process.frozen_until]
        late = _SLACK if world.is_calm else world.choose(_SLACK, _DOWNTIMES, _DOWNTIME_CHANCE)
        return min(times) + late

    def _capture(self) -> bool:
        """Capture the leads that have arrived, as the web process; a crashed one is submitted again."""
        world = self.world
        if not self._arrivals or self._arrivals[-1] > world.now:
            return False
        self._people += 1
        # Every fifth person writes a second time.
        fields = make_fields(f"p{self._people - self._people % 5 // 4}@example.com")
        world.is_capturing = True
        try:
            self._app.capture_lead(PUBLIC, fields)
        finally:
            world.is_capturing = False
        self._arrivals.pop()
        return True

    def _build(self, zone: ZoneInfo) -> InMemoryApp:
        world = self.world
        app = InMemoryApp(
            zone=zone,
            notify=(EmailAddress.parse("office@example.com"),),
            digest_at=None,
            endpoints=(WebhookEndpoint("https://crm.example.com/leads"),),
            store=world.store,
            email_sender=SimulatedEmailSender(world),
            webhook_sender=SimulatedWebhookSender(world),
            sink=SimulatedReportSink(world),
            unit_of_work=SimulatedUnitOfWorkFactory(world, self._bug.open_unit),
        )
        app.container.clock.override(Object(ProcessClock(world.time, world.process)))
        self._bug.change(app.container)
        return app


class _Scheduler:
    """The work of a scheduler process, once; returns True if there was any."""

    def __init__(self, app: InMemoryApp, world: SimulatedWorld) -> None:
        self._seal, self._send_reports = app.seal_weeks, app.send_due_reports
        self._deliver = app.deliver_notifications
        self._world = world
        self._seal_at = world.now

    def __call__(self) -> bool:
        if self._world.now >= self._seal_at:
            self._seal()
            self._seal_at = self._world.now + _SEAL_INTERVAL
        attempts = [
            self._send_reports(),
            self._deliver.mail(),
            *map(self._deliver.events, self._deliver.endpoints),
        ]
        return bool([attempt for queue in attempts for attempt in queue])


def _plan_arrivals(plan: random.Random, size: Size, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield when leads arrive: several at once at any time of each week, and several around its end."""
    for number in range(size.weeks):
        begin = _BEGIN + number * WEEK
        for _ in range(size.leads_per_week // _LEADS_AT_ONCE - 1):
            yield from [begin + plan.random() * WEEK] * _LEADS_AT_ONCE
        end = Week.containing(begin, zone).end
        yield from (end + plan.uniform(-1, 1) * _AROUND_THE_END for _ in range(_LEADS_AT_ONCE))
