"""Deliver the events that are due."""

from collections.abc import Iterator

from attrs import frozen

from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, Message
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.deliveries.webhook_sender import WebhookSender
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.delivery_worker import Attempting

_DISABLED = DeliveryResult(outcome=Outcome.REFUSED, detail="the endpoint answered 410 and is disabled")
_UNKNOWN = DeliveryResult(outcome=Outcome.REFUSED, detail="the endpoint's URL is not in the settings")


@frozen
class DeliverWebhooks:
    """Send whatever is due; done by any scheduler, for each endpoint by itself: one that hangs holds up none.

    An endpoint that refuses an event wants no more of any: it is disabled, and what waits for it is dead.

    Attributes:
        endpoints: those in the settings.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _attempting: Attempting
    _sender: WebhookSender
    endpoints: tuple[WebhookEndpoint, ...]

    def __call__(self, endpoint: WebhookEndpoint) -> Iterator[Message]:
        """Each message to an endpoint after its attempt; nothing more is claimed once nobody asks."""
        while (settled := self._next(endpoint)) is not None:
            yield settled

    def drop_strays(self) -> Iterator[Message]:
        """Make dead what waits for endpoints that are not in the settings any more, and tell of each."""
        known = {endpoint.key for endpoint in self.endpoints}
        with self._unit_of_work.read_only() as tx:
            strays = tx.outbox.waiting_recipients(Channel.WEBHOOK) - known
        for key in sorted(strays):
            while (dropped := self._drop(key, _UNKNOWN)) is not None:
                yield dropped

    def _next(self, endpoint: WebhookEndpoint) -> Message | None:
        with self._unit_of_work.read_only() as tx:
            is_disabled = endpoint.key in tx.disabled_endpoints.all()
        if is_disabled:
            return self._drop(endpoint.key, _DISABLED)

        def find(tx: UnitOfWork) -> Message | None:
            return tx.outbox.find_due(self._clock.now(), Channel.WEBHOOK, endpoint.key)

        def send(message: Message) -> DeliveryResult:
            return self._sender.send(endpoint, WebhookEvent(message.message_id, message.text or ""))

        return self._attempting(find, self._replace_and_disable, send)

    def _drop(self, key: str, why: DeliveryResult) -> Message | None:
        def find(tx: UnitOfWork) -> Message | None:
            return tx.outbox.find_due(self._clock.now(), Channel.WEBHOOK, key, early=True)

        return self._attempting(find, _replace, lambda _message: why)

    def _replace_and_disable(self, tx: UnitOfWork, message: Message, epoch: int) -> bool:
        replaced = _replace(tx, message, epoch)
        if replaced and message.attempts[-1].outcome is Outcome.REFUSED:
            tx.disabled_endpoints.add(message.recipient_key, self._clock.now())
        return replaced


def _replace(tx: UnitOfWork, message: Message, epoch: int) -> bool:
    return tx.outbox.replace(message, epoch=epoch)
