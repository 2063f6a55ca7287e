"""An attempt at a delivery that stands still while its report is on the way."""

import threading
from collections.abc import Callable
from queue import Queue

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.reports.report_sink import ReportSink

_TIMEOUT_SECONDS = 30


class ProcessKilled(BaseException):
    """What ends an attempt whose process dies: nothing in the program may catch it."""


class PausedDelivery(ReportSink):
    """One process that sends a report, in a thread of its own, and the sink it sends to.

    It runs from the beginning to the sink, where it waits until ``answer`` or ``kill``, and from there
    to its end; the caller waits meanwhile. So attempts overlap exactly as the test wants.

    Attributes:
        claimed: the report as the sink got it; None if there was nothing to send.
        error: what ended it, if something did.
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
        """Have the receiver answer, and wait until the answer is settled."""
        self._resume(result)

    def kill(self) -> None:
        """Have the process die before it can settle anything."""
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
