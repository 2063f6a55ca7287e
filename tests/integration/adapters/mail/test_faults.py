"""An unreliable server: every mail arrives, and twice only if its connection was lost after the last dot."""

import random
from collections import Counter

from leadtracker.adapters.mail.smtp_email_sender import SmtpEmailSender
from leadtracker.domain.model.deliveries.deliverable import Outcome
from tests.contracts.deliveries.email_sender import make_email
from tests.integration.adapters.mail.conftest import as_email
from tests.support.examples.thoroughness import examples
from tests.support.servers.smtp import DROP, MailServer

MAILS = examples(300)
FAULTS = [
    *[("RCPT", "451 Later")] * 10,
    *[("END", "452 Full")] * 10,
    *[("CONTENT", DROP)] * 10,
    *[("END", DROP)] * 10,
    *[("MAIL", "421 Closing")] * 10,
    *[("RSET", DROP)] * 10,
    *[None] * 40,
]


def test_every_mail_arrives_despite_faults(server: MailServer, sender: SmtpEmailSender) -> None:
    rng = random.Random(7)  # noqa: S311 - no secrets
    outcomes: Counter[tuple[str, Outcome]] = Counter()
    for number in range(MAILS):
        email = make_email(message_id=f"<m{number}@leadtracker>")
        outcome = None
        while outcome is not Outcome.DELIVERED:
            fault = rng.choice(FAULTS)
            if fault:
                server.expect(*fault)
            outcome = sender.send(email).outcome
            outcomes[" ".join(fault or ("none",)), outcome] += 1
    arrived = Counter(as_email(mail.content).message_id for mail in server.arrived)
    assert len(arrived) == MAILS
    kept_after_error = outcomes["END 452 Full", Outcome.RETRY]
    lost_after_the_dot = outcomes[f"END {DROP}", Outcome.UNKNOWN]
    assert arrived.total() - MAILS == kept_after_error + lost_after_the_dot
    assert lost_after_the_dot > 0
    assert Outcome.REJECTED not in {outcome for _, outcome in outcomes}
