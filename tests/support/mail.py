"""Delivering an application's mails without a mail server."""

from leadtracker.container import Container
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.use_cases.deliveries.deliver_mail import DeliverMail
from tests.support.memory.email_sender import MemoryEmailSender


def deliver(container: Container, *results: DeliveryResult) -> list[Email]:
    """Let a scheduler send what is due to a server that answers like this, then takes everything."""
    sender = MemoryEmailSender(results)
    send = DeliverMail(
        container.clock(),
        container.delivery_worker(),
        container.write_mail(),
        sender,
    )
    list(send())
    return sender.arrived
