"""Send the mails and events that are due; called by every scheduler."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from attrs import frozen

from leadtracker.domain.model.deliveries.attempt_detail import AttemptDetail, DetailCode
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome
from leadtracker.domain.model.deliveries.delivery import Channel, Delivery
from leadtracker.domain.model.deliveries.webhook import WebhookEndpoint, WebhookEvent
from leadtracker.domain.ports.deliveries.webhooks import WebhookSender
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryQueue, DeliveryWorker
from leadtracker.domain.use_cases.deliveries.mail_queue import MailQueue

_DISABLED = DeliveryResult(outcome=Outcome.REJECTED, detail=AttemptDetail(DetailCode.DISABLED))
_REMOVED = DeliveryResult(outcome=Outcome.REJECTED, detail=AttemptDetail(DetailCode.REMOVED))


@frozen(kw_only=True)
class _EndpointQueue(DeliveryQueue[Delivery]):
    """The events that are due at one endpoint; an event that is rejected disables the endpoint."""

    endpoint: WebhookEndpoint
    sender: WebhookSender

    def find(self, tx: UnitOfWork, now: datetime) -> Delivery | None:
        return tx.deliveries.find_due(now, self.endpoint.channel, self.endpoint.key)

    def send(self, claimed: Delivery) -> DeliveryResult:
        return self.sender.send(self.endpoint, WebhookEvent(claimed.id, claimed.text or ""))

    def store(self, tx: UnitOfWork, changed: Delivery, epoch: int) -> bool:
        is_stored = tx.deliveries.replace(changed, epoch=epoch)
        if is_stored and changed.attempts[-1].outcome is Outcome.REJECTED:
            tx.disabled_endpoints.add(changed.recipient_key, changed.sent_at)
        return is_stored


@frozen(kw_only=True)
class _DiscardQueue(DeliveryQueue[Delivery]):
    """The events that wait for a disabled or removed endpoint; each attempt ends with ``result``."""

    channel: Channel
    recipient_key: str
    result: DeliveryResult

    def find(self, tx: UnitOfWork, now: datetime) -> Delivery | None:
        return tx.deliveries.find_due(now, self.channel, self.recipient_key, include_waiting=True)

    def send(self, claimed: Delivery) -> DeliveryResult:  # noqa: ARG002 - the port's signature
        return self.result

    def store(self, tx: UnitOfWork, changed: Delivery, epoch: int) -> bool:
        return tx.deliveries.replace(changed, epoch=epoch)


@frozen(kw_only=True)
class DeliverNotifications:
    """Send what is due over every channel.

    All mails are one queue. Each endpoint is a queue: an endpoint that hangs delays only its own events.

    Attributes:
        senders: the sender of each channel that posts events to endpoints.
        endpoints: the endpoints in the settings, of every channel.
    """

    _unit_of_work: UnitOfWorkFactory
    _delivery_worker: DeliveryWorker
    _mail_queue: MailQueue
    _senders: Mapping[Channel, WebhookSender]
    endpoints: tuple[WebhookEndpoint, ...]

    def mail(self, until: Callable[[], bool] = lambda: False) -> Iterator[Delivery]:
        """Send mails and yield each after its attempt, claiming no other once ``until`` returns True.

        Exhaust the iterator, because each mail that it yields has already claimed the next one.
        """
        return self._delivery_worker.deliver_all(self._mail_queue, until)

    def events(self, endpoint: WebhookEndpoint) -> Iterator[Delivery]:
        """Send the events of one endpoint and yield each after its attempt; the next is claimed on demand."""
        queue = _EndpointQueue(endpoint=endpoint, sender=self._senders[endpoint.channel])
        discarded = _DiscardQueue(channel=endpoint.channel, recipient_key=endpoint.key, result=_DISABLED)
        while True:
            is_disabled = self._is_disabled(endpoint)
            attempted = self._delivery_worker.deliver_next(discarded if is_disabled else queue)
            if attempted is None:
                return
            yield attempted

    def discard_for_removed_endpoints(self) -> Iterator[Delivery]:
        """Fail every event that waits for an endpoint which is no longer in the settings, and yield it."""
        known = {endpoint.key for endpoint in self.endpoints}
        for channel in self._senders:
            with self._unit_of_work.read_only() as tx:
                removed = tx.deliveries.waiting_recipients(channel) - known
            for key in sorted(removed):
                queue = _DiscardQueue(channel=channel, recipient_key=key, result=_REMOVED)
                while (discarded := self._delivery_worker.deliver_next(queue)) is not None:
                    yield discarded

    def _is_disabled(self, endpoint: WebhookEndpoint) -> bool:
        with self._unit_of_work.read_only() as tx:
            return endpoint.key in tx.disabled_endpoints.all()
