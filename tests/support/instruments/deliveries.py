"""Captured leads with deliveries to webhook endpoints, and mails that are delivered without a mail server."""

from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from leadtracker.domain.model.deliveries.deliverable import DeliveryResult
from leadtracker.domain.model.deliveries.email import Email
from leadtracker.domain.use_cases.deliveries.mail_queue import MailQueue
from leadtracker.settings import Settings
from tests.support.builders import make_fields
from tests.support.memory.deliveries.email_sender import MemoryEmailSender

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - guards nothing


def capture(database_url: str, urls: str, *addresses: str) -> None:
    """Capture a lead for each address in an installation that notifies ``urls``."""
    container = Container(
        settings=Settings(
            database_url=SecretStr(database_url),
            webhook_urls=SecretStr(urls),
            webhook_secret=SecretStr(SECRET),
        )
    )
    for address in addresses:
        container.capture_lead()(PUBLIC, make_fields(address))
    container.dialect().close()


def deliver(container: Container, *results: DeliveryResult) -> list[Email]:
    """Send the due mails to a server that returns these results first and then accepts every mail."""
    sender = MemoryEmailSender(results)
    queue = MailQueue(
        unit_of_work=container.unit_of_work(),
        clock=container.clock(),
        writer=container.email_writer(),
        read_digest=container.read_digest(),
        read_weekly_summary=container.read_weekly_summary(),
        find_silent_sources=container.find_silent_sources(),
        secret_box=container.secret_box(),
        sender=sender,
        budget=container.mail_budget(),
    )
    list(container.delivery_worker().deliver_all(queue, until=lambda: False))
    return sender.arrived
