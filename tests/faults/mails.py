"""Leads whose mails are watched, from the outbox to the mail server."""

from collections import Counter
from email.parser import BytesParser

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from tests.faults.campaign import Ground
from tests.support.builders import make_fields
from tests.support.smtp import MailServer

ATTORNEY = "attorney@firm.example"


def capture(container: Container, *addresses: str) -> None:
    """Take in a lead of each address."""
    for address in addresses:
        container.capture_lead()(PUBLIC, make_fields(address))


def plain(server: MailServer) -> str:
    """The server as the setting wants it."""
    return f"smtp+plain://{server.address}"


def ids_of(server: MailServer) -> Counter[str]:
    """How often each ``Message-ID`` has arrived."""
    parser = BytesParser()
    return Counter(
        str(parser.parsebytes(mail.content, headersonly=True)["Message-ID"]) for mail in server.arrived.copy()
    )


def number_sent(ground: Ground) -> int:
    """How many messages the outbox calls sent."""
    [[number]] = ground.back_door.execute("SELECT count(*) FROM deliveries WHERE state = 'sent'")
    return int(number)


def check_mails(ground: Ground, server: MailServer, *, mails: int, max_duplicates: int) -> int:
    """Count what became of the messages: each was sent, under its own id, and nothing is stuck.

    Returns:
        how many mails came once more than wanted.
    """
    arrived = ids_of(server)
    known = {
        f"<{message_id}@leadtracker>"
        for (message_id,) in ground.back_door.execute("SELECT id FROM deliveries")
    }
    [[leases]] = ground.back_door.execute("SELECT count(*) FROM deliveries WHERE leased_until IS NOT NULL")
    duplicates = arrived.total() - len(arrived)
    ground.tally.exactly(
        mails, mails=len(known), delivered=len(known & set(arrived)), sent=number_sent(ground)
    )
    ground.tally.at_most(max_duplicates, duplicates=duplicates)
    ground.tally.exactly(0, foreign_ids=len(set(arrived) - known), stuck_leases=leases)
    return duplicates
