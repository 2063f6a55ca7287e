"""Deliver the messages that are due."""

from collections.abc import Callable, Iterator

from attrs import frozen

from leadtracker.domain.model.accounts.access import SCHEDULER
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.delivery import Channel, Message, MessageState
from leadtracker.domain.model.leads.history import Action, entry
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.deliveries.email_sender import EmailSender
from leadtracker.domain.ports.unit_of_work import UnitOfWork
from leadtracker.domain.use_cases.deliveries.compose_mail import WriteMail
from leadtracker.domain.use_cases.deliveries.delivery_worker import Attempting


@frozen
class DeliverMail:
    """Send whatever is due, what waited longest first, until nothing is; done by any scheduler."""

    _clock: Clock
    _attempting: Attempting
    _write_mail: WriteMail
    _sender: EmailSender

    def __call__(self, until: Callable[[], bool] = lambda: False) -> Iterator[Message]:
        """Each message after its attempt; nothing more is claimed once ``until`` says so."""
        return self._attempting.each(self._find, _replace, self._send, until)

    def _find(self, tx: UnitOfWork) -> Message | None:
        return tx.outbox.find_due(self._clock.now(), Channel.MAIL)

    def _send(self, message: Message) -> DeliveryResult:
        written = self._write_mail(message)
        return written if isinstance(written, DeliveryResult) else self._sender.send(written)


def _replace(tx: UnitOfWork, message: Message, epoch: int) -> bool:
    replaced = tx.outbox.replace(message, epoch=epoch)
    if replaced and message.state is MessageState.SENT and message.lead_id is not None:
        lead = tx.leads.get(message.lead_id)
        sent = entry(lead, SCHEDULER, Action.MAIL_SENT, message.sent_at, message.kind)
        tx.history.append([sent])
    return replaced
