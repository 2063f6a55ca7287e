"""Deliver the events that are due."""

from collections.abc import Iterator

from attrs import frozen

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, Delivery
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.deliveries.webhook_sender import WebhookSender
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryWorker

_DISABLED = DeliveryResult(outcome=Outcome.REJECTED, detail="the endpoint answered 410 and is disabled")
_UNKNOWN = DeliveryResult(outcome=Outcome.REJECTED, detail="the endpoint's URL is not in the settings")


@frozen
class DeliverWebhooks:
    """Send whatever is due; done by any scheduler, for each endpoint by itself: one that hangs holds up none.

    An endpoint that refuses an event wants no more of any: it is disabled, and what waits for it has failed.

    Attributes:
        endpoints: those in the settings.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _delivery_worker: DeliveryWorker
    _sender: WebhookSender
    endpoints: tuple[WebhookEndpoint, ...]

    def __call__(self, endpoint: WebhookEndpoint) -> Iterator[Delivery]:
        """Each message to an endpoint after its attempt; nothing more is claimed once nobody asks."""
        while (attempted := self._next(endpoint)) is not None:
            yield attempted

    def discard_for_removed_endpoints(self) -> Iterator[Delivery]:
        """Make failed what waits for endpoints that are not in the settings any more, and tell of each."""
        known = {endpoint.key for endpoint in self.endpoints}
        with self._unit_of_work.read_only() as tx:
            removed = tx.deliveries.waiting_recipients(Channel.WEBHOOK) - known
        for key in sorted(removed):
            while (discarded := self._discard(key, _UNKNOWN)) is not None:
                yield discarded

    def _next(self, endpoint: WebhookEndpoint) -> Delivery | None:
        with self._unit_of_work.read_only() as tx:
            is_disabled = endpoint.key in tx.disabled_endpoints.all()
        if is_disabled:
            return self._discard(endpoint.key, _DISABLED)

        def find(tx: UnitOfWork) -> Delivery | None:
            return tx.deliveries.find_due(self._clock.now(), Channel.WEBHOOK, endpoint.key)

        def send(delivery: Delivery) -> DeliveryResult:
            return self._sender.send(endpoint, WebhookEvent(delivery.message_id, delivery.text or ""))

        return self._delivery_worker(find, self._replace_and_disable, send)

    def _discard(self, key: str, why: DeliveryResult) -> Delivery | None:
        def find(tx: UnitOfWork) -> Delivery | None:
            return tx.deliveries.find_due(self._clock.now(), Channel.WEBHOOK, key, include_waiting=True)

        return self._delivery_worker(find, _replace, lambda _delivery: why)

    def _replace_and_disable(self, tx: UnitOfWork, delivery: Delivery, epoch: int) -> bool:
        replaced = _replace(tx, delivery, epoch)
        if replaced and delivery.attempts[-1].outcome is Outcome.REJECTED:
            tx.disabled_endpoints.add(delivery.recipient_key, self._clock.now())
        return replaced


def _replace(tx: UnitOfWork, delivery: Delivery, epoch: int) -> bool:
    return tx.deliveries.replace(delivery, epoch=epoch)
