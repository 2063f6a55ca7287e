"""Deliver the messages that are due."""

from collections.abc import Callable, Iterator

from attrs import frozen

from leadtracker.domain.model.accounts.access import SCHEDULER
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.delivery import Channel, Delivery, DeliveryState
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.deliveries.email_sender import EmailSender
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from leadtracker.domain.use_cases.deliveries.compose_mail import WriteMail
from leadtracker.domain.use_cases.deliveries.delivery_worker import DeliveryWorker


@frozen
class DeliverMail:
    """Send whatever is due, what waited longest first, until nothing is; done by any scheduler."""

    _clock: Clock
    _delivery_worker: DeliveryWorker
    _write_mail: WriteMail
    _sender: EmailSender

    def __call__(self, until: Callable[[], bool] = lambda: False) -> Iterator[Delivery]:
        """Each message after its attempt; nothing more is claimed once ``until`` says so."""
        return self._delivery_worker.each(self._find, _replace, self._send, until)

    def _find(self, tx: UnitOfWork) -> Delivery | None:
        return tx.deliveries.find_due(self._clock.now(), Channel.MAIL)

    def _send(self, delivery: Delivery) -> DeliveryResult:
        written = self._write_mail(delivery)
        return written if isinstance(written, DeliveryResult) else self._sender.send(written)


def _replace(tx: UnitOfWork, delivery: Delivery, epoch: int) -> bool:
    replaced = tx.deliveries.replace(delivery, epoch=epoch)
    if replaced and delivery.state is DeliveryState.SENT and delivery.lead_id is not None:
        lead = tx.leads.get(delivery.lead_id)
        sent = entry(lead, SCHEDULER, Action.MAIL_SENT, delivery.sent_at, delivery.kind)
        tx.history.append([sent])
    return replaced
