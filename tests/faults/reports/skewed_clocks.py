"""Four schedulers whose clocks differ by up to two minutes, in both directions, over many weeks."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from attrs import frozen
from dependency_injector import providers

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.reports import week as week_rules
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.invariants import check_invariants
from tests.faults.harness.planting import replaced
from tests.support.builders import make_fields
from tests.support.clock import at
from tests.support.memory.reports.report_sink import MemoryReportSink
from tests.support.memory.system import MemoryClock

_SCHEDULERS = 4
_MAX_SKEW = timedelta(minutes=2)
_START = at("2026-01-05T00:00:00Z")  # a Monday
_WEEK = timedelta(weeks=1)
_AROUND_THE_END = timedelta(minutes=12)
_STEP = timedelta(seconds=30)
_LEADS_PER_STEP = 0.8  # so many that some come between a seal that is too early and the end of its week


@frozen
class _Scheduler:
    """A scheduler and its clock, which is wrong by ``skew``."""

    container: Container
    clock: MemoryClock
    skew: timedelta


def run(sandbox: Sandbox) -> None:
    """Let the schedulers work in random order around the end of each week, while leads still come in."""
    weeks = sandbox.size(8, 52)
    sink = MemoryReportSink()
    with ExitStack() as stack:
        schedulers = [_scheduler(sandbox, stack, sink, number) for number in range(_SCHEDULERS)]
        _work(schedulers[0], _START + _AROUND_THE_END)
        ends = [_START + (week + 1) * _WEEK for week in range(weeks)]
        office = stack.enter_context(sandbox.container(clock := MemoryClock(_START)))
        counted = [_pass_the_end(sandbox, schedulers, office, clock, end) for end in ends]
        check_invariants(sandbox, schedulers[0].container)
    numbers = [report.number_of_leads for report in sink.arrived]
    sandbox.findings.expect_equal(
        weeks + 1, rows=sandbox.raw_db.count("weekly_reports"), posts=len(sink.arrived)
    )
    # What comes in after the end of a week belongs to the next one.
    expected = [
        0,
        *(before + late for (before, _), (_, late) in zip(counted, [(0, 0), *counted], strict=False)),
    ]
    sandbox.findings.expect_equal(0, wrong_numbers=sum(map(int.__ne__, numbers, expected)))


def _scheduler(sandbox: Sandbox, stack: ExitStack, sink: MemoryReportSink, number: int) -> _Scheduler:
    clock = MemoryClock(_START)
    container = stack.enter_context(sandbox.container(clock))
    container.report_sink.override(providers.Object(sink))
    return _Scheduler(container, clock, _MAX_SKEW * (2 * number / (_SCHEDULERS - 1) - 1))


def _pass_the_end(
    sandbox: Sandbox, schedulers: list[_Scheduler], office: Container, clock: MemoryClock, end: datetime
) -> tuple[int, int]:
    """Let the end of a week pass, and return how many leads came in before and after it."""
    numbers = [0, 0]
    clock.set(end - _AROUND_THE_END)
    while clock.now() < end + _AROUND_THE_END:
        if sandbox.rng.random() < _LEADS_PER_STEP:
            office.capture_lead()(PUBLIC, make_fields(f"lead.{clock.now().timestamp()}@example.com"))
            numbers[clock.now() >= end] += 1
        _work(sandbox.rng.choice(schedulers), clock.now())
        clock.advance(_STEP)
    return numbers[0], numbers[1]


def _work(scheduler: _Scheduler, now: datetime) -> None:
    scheduler.clock.set(now + scheduler.skew)
    scheduler.container.seal_weeks()()
    list(scheduler.container.send_due_reports()())


@contextmanager
def _seal_at_once() -> Iterator[None]:
    with replaced(week_rules, SEALING_DELAY=timedelta(0)):
        yield


CAMPAIGN = Campaign(
    "skewed-clocks",
    "four schedulers with wrong clocks",
    run,
    bugs=(
        PlantedBug("a week is sealed as soon as a clock shows its end", ("wrong_numbers",), _seal_at_once),
    ),
)
