"""Schedulers that were down for days or weeks: missed weeks are sent, oldest first, and none twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise

from dependency_injector import providers

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import OPERATOR
from leadtracker.domain.model.reports import heartbeat
from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.invariants import check_invariants
from tests.faults.harness.planting import replaced
from tests.support.clock import at
from tests.support.memory.reports.report_sink import MemoryReportSink
from tests.support.memory.system import MemoryClock

_START = at("2026-01-07T00:00:00Z")
_DAY = timedelta(days=1)
_TICK = timedelta(seconds=30)
_CATCH_UP_WEEKS = 8
_POSTS = {1: (0, 1), 8: (1, 2), 20: (2, 3), 70: (_CATCH_UP_WEEKS, _CATCH_UP_WEEKS)}
"""The least and the most reports after so many days of downtime."""

_NEEDS_OPERATOR = 35
"""After more days than these, sealing waits for a person: the clock may be wrong."""


def run(sandbox: Sandbox) -> None:
    """Stop for each number of days, several times, beginning at random moments."""
    rounds = sandbox.size(3, 40, ci=1)
    sink, clock = MemoryReportSink(), MemoryClock(_START)
    wrong = sealed_without_operator = 0
    with sandbox.container(clock, report_catchup_weeks=_CATCH_UP_WEEKS) as container:
        container.report_sink.override(providers.Object(sink))
        _work(container, clock)
        for days, (least, most) in list(_POSTS.items()) * rounds:
            # Between two downtimes it works long enough to have sent everything.
            for _ in range(int(sandbox.rng.uniform(7, 14))):
                clock.advance(_DAY)
                _work(container, clock)
            known = len(sink.arrived)
            clock.advance(days * _DAY)
            _work(container, clock)
            if days > _NEEDS_OPERATOR:
                sealed_without_operator += len(sink.arrived) - known
                container.send_report_now()(OPERATOR, None)
                _work(container, clock)
            wrong += not least <= len(sink.arrived) - known <= most
        check_invariants(sandbox, container)
    weeks = [report.week.start for report in sink.arrived]
    newest_first = sum(later < earlier for earlier, later in pairwise(weeks))
    sandbox.findings.record(downtimes=rounds * len(_POSTS), posts=len(weeks))
    sandbox.findings.expect_equal(0, wrong_numbers_of_posts=wrong, posted_twice=len(weeks) - len(set(weeks)))
    sandbox.findings.expect_at_most(rounds, newest_first=newest_first)  # the one that the operator requested
    sandbox.findings.expect_equal(0, sealed_without_operator=sealed_without_operator)


def _work(container: Container, clock: MemoryClock) -> None:
    """Let a scheduler tick twice."""
    for _ in range(2):
        container.seal_weeks()()
        list(container.send_due_reports()())
        clock.advance(_TICK)


@contextmanager
def _forget_clock_jumps() -> Iterator[None]:
    with replaced(heartbeat, MAX_HEARTBEAT_GAP=timedelta(days=10_000)):
        yield


CAMPAIGN = Campaign(
    "downtimes",
    "schedulers that were down for days or weeks",
    run,
    bugs=(
        PlantedBug(
            "a jump of the clock does not pause sealing", ("sealed_without_operator",), _forget_clock_jumps
        ),
    ),
)
