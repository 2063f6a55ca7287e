"""K2: schedulers that are killed while they deliver to a mail server.

Nobody sets a lease back: the last scheduler waits until those of its dead predecessors are over.
"""

import signal
import time

from tests.faults.campaign import Campaign, Ground
from tests.faults.mails import ATTORNEY, capture, check_mails, number_sent, plain
from tests.support.smtp import MailServer
from tests.support.waiting import eventually

_MAX_WAIT_SECONDS = 180.0
_SHORT_PAUSE_SECONDS = 0.02  # about three mails


def run(ground: Ground) -> None:
    """Give each scheduler some new leads and a few of their mails' time to live; then let one finish."""
    leads, kills = ground.size(200, 500), ground.size(20, 100)
    portion = leads // kills
    with MailServer() as server, ground.container(notify=ATTORNEY) as container:
        program = ground.program(SMTP_URL=plain(server))
        for number in range(kills):
            capture(container, *(f"p{number}.{one}@example.com" for one in range(portion)))
            enough = len(server.arrived) + ground.dice.randint(1, portion)
            with program.start("scheduler") as running:
                server.wait_for(enough)
                time.sleep(ground.dice.choice([0.0, ground.dice.uniform(0, _SHORT_PAUSE_SECONDS)]))
                running.stop(signal.SIGKILL)
        mails = 2 * portion * kills
        ground.tally.tell(kills=kills)
        with program.start("scheduler") as last:
            eventually(lambda: number_sent(ground) >= mails, "every mail sent", _MAX_WAIT_SECONDS)
            ground.tally.exactly(0, exit_status=last.stop().status)
        check_mails(ground, server, mails=mails, max_duplicates=kills)


CAMPAIGN = Campaign("K2", "schedulers killed while they deliver mail", run, side_by_side=True)
