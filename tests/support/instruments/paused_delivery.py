"""A delivery attempt that pauses while its report is being sent."""

import threading
from collections.abc import Callable
from queue import Queue

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.reports.report_sink import ReportSink

_TIMEOUT_SECONDS = 30


class ProcessKilled(BaseException):
    """Raised in the attempt of a killed process; no code of the program may catch it."""


class PausedDelivery(ReportSink):
    """A process that sends a report, simulated by a dedicated thread, and the sink it sends to.

    The thread runs until it reaches the sink, where it waits for ``answer`` or ``kill``, and then to its end.
    The caller is blocked while the thread runs, so that attempts overlap exactly as the test wants.

    Attributes:
        claimed: the report that the sink received; None if no report was due.
        error: the exception that ended the thread, or None.
    """

    def __init__(self, act: Callable[["PausedDelivery"], object]) -> None:
        self.claimed: WeeklyReport | None = None
        self.error: BaseException | None = None
        self.is_in_flight = False
        self._act = act
        self._responses: Queue[DeliveryResult | ProcessKilled] = Queue()
        self._paused: Queue[None] = Queue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._paused.get(timeout=_TIMEOUT_SECONDS)

    def deliver(self, report: WeeklyReport) -> DeliveryResult:
        self.claimed = report
        self.is_in_flight = True
        self._paused.put(None)
        response = self._responses.get()
        if isinstance(response, ProcessKilled):
            raise response
        return response

    def response(self, result: DeliveryResult) -> None:
        """Let the receiver respond, and wait until the result is recorded."""
        self._resume(result)

    def kill(self) -> None:
        """Kill the process before it can record a result."""
        self._resume(ProcessKilled())

    def _resume(self, response: DeliveryResult | ProcessKilled) -> None:
        self.is_in_flight = False
        self._responses.put(response)
        self._paused.get(timeout=_TIMEOUT_SECONDS)
        self._thread.join(_TIMEOUT_SECONDS)

    def _run(self) -> None:
        try:
            self._act(self)
        except BaseException as error:  # noqa: BLE001 - it is for the test to judge
            self.error = error
        self._paused.put(None)
