"""Scripted, in-memory webhook endpoints."""

from collections import deque
from collections.abc import Iterable

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent
from leadtracker.domain.ports.deliveries.webhooks import WebhookSender

_TAKEN = DeliveryResult(outcome=Outcome.DELIVERED, detail=AttemptDetail(DetailCode.WRITTEN_TO_LOG))


class MemoryWebhookSender(WebhookSender):
    """An in-memory ``WebhookSender``; see the port for its promises.

    Attributes:
        arrived: every event that a real endpoint would have received, in order, whatever its response.
    """

    def __init__(self, script: Iterable[DeliveryResult] = ()) -> None:
        self.arrived: list[tuple[WebhookEndpoint, WebhookEvent]] = []
        self._script = deque(script)

    def expect(self, *results: DeliveryResult) -> None:
        """Script the results of the next attempts; without a script every attempt is delivered."""
        self._script.extend(results)

    def send(self, endpoint: WebhookEndpoint, event: WebhookEvent) -> DeliveryResult:
        try:
            result = self._script.popleft()
        except IndexError:
            result = _TAKEN
        if result.outcome is not Outcome.NOT_SENT:
            self.arrived.append((endpoint, event))
        return result
