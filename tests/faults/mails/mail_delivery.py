"""Leads whose mails are followed from the database to the mail server."""

from collections import Counter
from email.parser import BytesParser

from leadtracker.container import Container
from leadtracker.domain.model.accounts.access import PUBLIC
from tests.faults.harness.campaign import Sandbox
from tests.support.builders import make_fields
from tests.support.servers.smtp import MailServer

NOTIFY_ADDRESS = "attorney@firm.example"


def capture(container: Container, *addresses: str) -> None:
    """Capture a lead for each address."""
    for address in addresses:
        container.capture_lead()(PUBLIC, make_fields(address))


def plain(server: MailServer) -> str:
    """The URL of the server for the setting."""
    return f"smtp+plain://{server.address}"


def ids_of(server: MailServer) -> Counter[str]:
    """Count the mails by ``Message-ID``."""
    parser = BytesParser()
    return Counter(
        str(parser.parsebytes(mail.content, headersonly=True)["Message-ID"]) for mail in server.arrived.copy()
    )


def number_sent(sandbox: Sandbox) -> int:
    """Count the deliveries in the state sent."""
    [[number]] = sandbox.raw_db.execute("SELECT count(*) FROM deliveries WHERE state = 'sent'")
    return int(number)


def check_mails(sandbox: Sandbox, server: MailServer, *, mails: int, max_duplicates: int) -> int:
    """Check that each delivery was sent under a unique id, and that none is stuck.

    Returns:
        how many mails came once more than wanted.
    """
    arrived = ids_of(server)
    known = {
        f"<{message_id}@localhost>" for (message_id,) in sandbox.raw_db.execute("SELECT id FROM deliveries")
    }
    [[leases]] = sandbox.raw_db.execute("SELECT count(*) FROM deliveries WHERE leased_until IS NOT NULL")
    duplicates = arrived.total() - len(arrived)
    sandbox.findings.expect_equal(
        mails, mails=len(known), delivered=len(known & set(arrived)), sent=number_sent(sandbox)
    )
    sandbox.findings.expect_at_most(max_duplicates, duplicates=duplicates)
    sandbox.findings.expect_equal(0, foreign_ids=len(set(arrived) - known), stuck_leases=leases)
    return duplicates
