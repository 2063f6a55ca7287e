"""The simulated installation: its processes, its time, and what may happen at each step."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from tests.faults.simulation.decisions import Decisions
from tests.faults.simulation.processes import Crashed, Process
from tests.faults.simulation.promises import Promises
from tests.support.memory.store import MemoryStore, Tables

Choice = TypeVar("Choice")

_MILLISECOND, _SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
_EVENT_CHANCE = 0.12
_EVENTS = (*["switch"] * 12, "crash", "crash", "freeze", "freeze", "set clock", "pass time")
_LONG = tuple(seconds * _SECOND for seconds in (2, 30, 61, 75, 200, 4000))
"""Times around a lease, and longer."""
_OFFSETS = tuple(seconds * _SECOND for seconds in (0, -120, -61, -1, 1, 61, 120))
"""By how much a clock may be wrong: two of them differ by less than the delay before a week is sealed."""
_FAILURE_CHANCE = 0.35
_WAKE_ALL_CHANCE = 0.3
_TRACE_LENGTH = 60


def _answer(outcome: Outcome, *, accepted: bool = False, **rest: Any) -> tuple[DeliveryResult, bool]:
    return DeliveryResult(outcome=outcome, **rest), accepted


_ACCEPTED = _answer(Outcome.DELIVERED, accepted=True)
_FAILURES = (
    _answer(Outcome.NOT_SENT),
    _answer(Outcome.RETRY, status=503),
    _answer(Outcome.RETRY, status=429, retry_after=timedelta(minutes=5)),
    _answer(Outcome.UNKNOWN),
    _answer(Outcome.UNKNOWN, accepted=True),
)


class SimulatedWorld:
    """Holds the store and the time, and decides at each step what happens.

    Attributes:
        now: the true time, from which clocks differ by their offsets.
        is_calm: true once nothing unusual happens any more, so that everything comes to rest.
        trace: the last steps: when, which process, what it called, and what happened to it.
        sent: the number of attempts that reached a receiver.
    """

    def __init__(self, decisions: Decisions, now: datetime) -> None:
        self.store = MemoryStore()
        self._decisions = decisions
        self._begin = now
        self.promises = Promises()
        self.now = now
        self.is_calm = False
        self.trace: deque[tuple[datetime, str, str, str | None]] = deque(maxlen=_TRACE_LENGTH)
        self.sent = 0
        self.is_capturing = False
        self.processes: list[Process] = []
        self.running: Process | None = None
        self._writer: Process | None = None
        self._picked = 0
        self._events: Mapping[str, Callable[[Process], None]] = {
            "switch": Process.pause,
            "crash": self._crash,
            "freeze": self._freeze,
            "set clock": self._set_clock,
            "pass time": self._pass_time,
        }

    def choose(self, usual: Choice, unusual: Sequence[Choice], chance: float = 1.0) -> Choice:
        """Decide for the process that runs, or for the world between two turns."""
        actor = self.processes.index(self.running) if self.running else len(self.processes)
        return self._decisions.choose((self.now - self._begin).days, actor, usual, unusual, chance)

    def process(self) -> Process:
        """Return the process that runs."""
        assert self.running is not None
        return self.running

    def time(self) -> datetime:
        """Return the time after a step."""
        self.step("clock")
        return self.now

    def step(self, call: str) -> None:
        """See the port."""
        self.now += _MILLISECOND
        process = self.process()
        event = None if self.is_calm else self.choose(None, _EVENTS, _EVENT_CHANCE)
        self.trace.append((self.now, process.name, call, event))
        if event is not None:
            self._events[event](process)

    def lock(self) -> None:
        """See the port."""
        process = self.process()
        while self._writer is not None:
            process.pause()
        self._writer = process

    def unlock(self) -> None:
        """See the port."""
        self._writer = None

    def committed(self, before: Tables) -> None:
        """See the port."""
        self.promises.check_commit(before, self.store.committed, self.process().latest_read)

    def receive(self, message: str) -> DeliveryResult:
        """See the port."""
        self.step(f"send {message}")
        self.sent += 1
        failures = () if self.is_calm else _FAILURES
        chance = _FAILURE_CHANCE if failures else 0.0
        result, is_accepted = self.choose(_ACCEPTED, failures, chance)
        self.promises.arrived[message] += is_accepted
        self.step(f"answered {result.outcome}")
        return result

    def receive_report(self, report: WeeklyReport) -> DeliveryResult:
        """See the port."""
        self.promises.post(report)
        return self.receive(report.webhook_id)

    def take_turn(self, process: Process) -> None:
        """Let a process run until it pauses."""
        self.running = process
        process.resume()
        self.running = None

    def wake(self, until: datetime) -> None:
        """Pass the time until ``until``, at least a second; wake the web process and a scheduler, or all."""
        self.now = max(self.now + _SECOND, until)
        schedulers, web = self.processes[:-1], self.processes[-1]
        few = [schedulers[self._picked % len(schedulers)], web]
        for process in few if self.is_calm else self.choose(few, [self.processes], _WAKE_ALL_CHANCE):
            process.is_idle = False

    def choose_process(self) -> Process | None:
        """Return the process whose turn it is; None if all are idle or frozen."""
        for process in self.processes:
            if process.frozen_until is not None and process.frozen_until <= self.now:
                process.frozen_until = None
        ready = [one for one in self.processes if not one.is_idle and one.frozen_until is None]
        if not ready:
            return None
        self._picked += 1
        return ready[self._picked % len(ready)]

    def calm(self) -> None:
        """Let nothing unusual happen from now on: clocks are right and nothing is frozen."""
        self.is_calm = True
        for process in self.processes:
            process.clock_offset, process.frozen_until, process.is_idle = timedelta(0), None, False

    def _crash(self, process: Process) -> None:  # noqa: ARG002 - as the other events
        raise Crashed

    def _freeze(self, process: Process) -> None:
        if process is not self._writer and not self.is_capturing:
            process.frozen_until = self.now + self.choose(_LONG[2], _LONG)
            process.pause()

    def _set_clock(self, process: Process) -> None:
        process.clock_offset = self.choose(_OFFSETS[0], _OFFSETS)

    def _pass_time(self, process: Process) -> None:  # noqa: ARG002 - as the other events
        if not self.is_capturing:
            self.now += self.choose(_LONG[2], _LONG)
