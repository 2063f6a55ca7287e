"""A visitor of the public form without HTTP."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from leadtracker.domain.errors import LeadTrackerError
from leadtracker.domain.model.deliveries.canary import CanaryFailure, FormVisit
from leadtracker.domain.model.deliveries.canary_detail import CanaryDetail, CanaryDetailCode
from leadtracker.domain.ports.intake.canary import FormVisitor
from tests.support.memory.system import MemoryClock


class MemoryFormVisitor(FormVisitor):
    """An in-memory ``FormVisitor``, which captures the lead itself.

    Attributes:
        visits: the inputs of every submission.
        results: how the next submissions end, whose leads are not captured; then all leads are captured.
        capture: stores a lead; may be replaced.
    """

    def __init__(self, clock: MemoryClock, capture: Callable[[Mapping[str, str]], object]) -> None:
        self._clock = clock
        self.capture = capture
        self.visits: list[Mapping[str, str]] = []
        self.results: list[FormVisit] = []

    def submit(self, inputs: Mapping[str, str]) -> FormVisit:
        self.visits.append(inputs)
        self._clock.advance(timedelta(seconds=3))
        if self.results:
            return self.results.pop(0)
        try:
            self.capture(inputs)
        except LeadTrackerError as error:
            return FormVisit(
                CanaryFailure.REJECTED,
                CanaryDetail.of(CanaryDetailCode.CONNECTION, host="memory", error=error),
            )
        return FormVisit()
