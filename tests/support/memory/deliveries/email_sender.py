"""A scripted, in-memory mail server."""

from collections import deque
from collections.abc import Iterable

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.ports.deliveries.emails import EmailSender

_TAKEN = DeliveryResult(outcome=Outcome.DELIVERED, detail=AttemptDetail(DetailCode.WRITTEN_TO_LOG))


class MemoryEmailSender(EmailSender):
    """An in-memory ``EmailSender``; see the port for its promises.

    Attributes:
        arrived: every mail that a real server would have received, in order, whatever its response.
    """

    def __init__(self, script: Iterable[DeliveryResult] = ()) -> None:
        self.arrived: list[Email] = []
        self._script = deque(script)

    def expect(self, *results: DeliveryResult) -> None:
        """Script the results of the next attempts; without a script every attempt is delivered."""
        self._script.extend(results)

    def send(self, email: Email) -> DeliveryResult:
        try:
            result = self._script.popleft()
        except IndexError:
            result = _TAKEN
        if result.outcome is not Outcome.NOT_SENT:
            self.arrived.append(email)
        return result

    def close(self) -> None:
        pass  # nothing is kept but what has arrived
