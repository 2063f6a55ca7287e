"""Schedulers that are killed while they deliver to a mail server.

Leases are never reset: the last scheduler waits until the leases of its dead predecessors expire.
"""

import signal
import time

from tests.faults.harness.campaign import Campaign, Sandbox
from tests.faults.harness.shared_bugs import MAILS_RECORDED_FIRST
from tests.faults.mails.mail_delivery import NOTIFY_ADDRESS, capture, check_mails, number_sent, plain
from tests.support.instruments.polling import eventually
from tests.support.servers.smtp import MailServer

_MAX_WAIT_SECONDS = 540.0
_SHORT_PAUSE_SECONDS = 0.02  # about three mails


def run(sandbox: Sandbox) -> None:
    """Kill each scheduler after a few mails of new leads; then let one finish."""
    leads, kills = sandbox.size(200, 500, ci=40), sandbox.size(20, 100, ci=4)
    portion = leads // kills
    with MailServer() as server, sandbox.container(notify=NOTIFY_ADDRESS) as container:
        program = sandbox.program(SMTP_URL=plain(server))
        for number in range(kills):
            capture(container, *(f"p{number}.{one}@example.com" for one in range(portion)))
            enough = len(server.arrived) + sandbox.rng.randint(1, portion)
            with program.start("scheduler") as running:
                server.wait_for(enough)
                time.sleep(sandbox.rng.choice([0.0, sandbox.rng.uniform(0, _SHORT_PAUSE_SECONDS)]))
                running.stop(signal.SIGKILL)
        mails = 2 * portion * kills
        sandbox.findings.record(kills=kills)
        with program.start("scheduler") as last:
            eventually(lambda: number_sent(sandbox) >= mails, "every mail sent", _MAX_WAIT_SECONDS)
            sandbox.findings.expect_equal(0, exit_status=last.stop().status)
        check_mails(sandbox, server, mails=mails, max_duplicates=kills)


CAMPAIGN = Campaign(
    "kill-scheduler",
    "schedulers killed while they deliver mail",
    run,
    is_concurrent=True,
    bugs=(MAILS_RECORDED_FIRST,),
)
