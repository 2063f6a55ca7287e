"""Deliver an application's mails without a mail server."""

from leadtracker.container import Container
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.use_cases.deliveries.mail_queue import MailQueue
from tests.support.memory.deliveries.email_sender import MemoryEmailSender


def deliver(container: Container, *results: DeliveryResult) -> list[Email]:
    """Send the due mails to a server that returns these results first and then accepts every mail."""
    sender = MemoryEmailSender(results)
    queue = MailQueue(
        unit_of_work=container.unit_of_work(),
        clock=container.clock(),
        writer=container.email_writer(),
        read_digest=container.read_digest(),
        sender=sender,
    )
    list(container.delivery_worker().deliver_all(queue, until=lambda: False))
    return sender.arrived
