"""An attempt at a delivery that stands still while its report is on the way."""

import threading
from collections.abc import Callable
from queue import Queue

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.reports.weekly_report import WeeklyReport
from leadtracker.domain.ports.reports.report_sink import ReportSink

_TIMEOUT_SECONDS = 30


class Killed(BaseException):
    """What ends an attempt whose process dies: nothing in the program may catch it."""


class Sending(ReportSink):
    """One process that sends a report, in a thread of its own, and the sink it sends to.

    It runs from the beginning to the sink, where it waits until ``answer`` or ``kill``, and from there
    to its end; the caller waits meanwhile. So attempts overlap exactly as the test wants.

    Attributes:
        claimed: the report as the sink got it; None if there was nothing to send.
        error: what ended it, if something did.
    """

    def __init__(self, act: Callable[["Sending"], object]) -> None:
        self.claimed: WeeklyReport | None = None
        self.error: BaseException | None = None
        self.is_on_the_way = False
        self._act = act
        self._responses: Queue[DeliveryResult | Killed] = Queue()
        self._paused: Queue[None] = Queue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._paused.get(timeout=_TIMEOUT_SECONDS)

    def deliver(self, report: WeeklyReport) -> DeliveryResult:
        self.claimed = report
        self.is_on_the_way = True
        self._paused.put(None)
        response = self._responses.get()
        if isinstance(response, Killed):
            raise response
        return response

    def response(self, result: DeliveryResult) -> None:
        """Have the receiver answer, and wait until the answer is settled."""
        self._go_on(result)

    def kill(self) -> None:
        """Have the process die before it can settle anything."""
        self._go_on(Killed())

    def _go_on(self, response: DeliveryResult | Killed) -> None:
        self.is_on_the_way = False
        self._responses.put(response)
        self._paused.get(timeout=_TIMEOUT_SECONDS)
        self._thread.join(_TIMEOUT_SECONDS)

    def _run(self) -> None:
        try:
            self._act(self)
        except BaseException as error:  # noqa: BLE001 - it is for the test to judge
            self.error = error
        self._paused.put(None)
