"""O6: eight schedulers and one queue."""

from contextlib import ExitStack

from tests.faults.campaign import Campaign, Ground
from tests.faults.mails import ATTORNEY, capture, check_mails, number_sent, plain
from tests.support.processes import Running
from tests.support.smtp import MailServer
from tests.support.waiting import eventually

_SCHEDULERS = 8
_MAX_WAIT_SECONDS = 540.0


def run(ground: Ground) -> None:
    """Fill the queue while all of them empty it, so that they meet all the time."""
    mails = ground.size(500, 5_000)
    with MailServer() as server, ground.container(notify=ATTORNEY) as container, ExitStack() as stack:
        program = ground.program(SMTP_URL=plain(server))
        started = [stack.enter_context(program.start("scheduler")) for _ in range(_SCHEDULERS)]
        for running in started:
            running.wait_for_log("scheduler started")
        capture(container, *(f"p{number}@example.com" for number in range(mails // 2)))
        eventually(lambda: number_sent(ground) >= mails, "every mail sent", _MAX_WAIT_SECONDS)
        statuses = [running.stop().status for running in started]
        ground.tally.exactly(_SCHEDULERS, clean_exits=statuses.count(0))
        ground.tally.at_least(2, schedulers_that_sent=sum(_has_sent(running) for running in started))
        ground.tally.exactly(0, failed_jobs=sum(running.err.count("job failed") for running in started))
        check_mails(ground, server, mails=mails, max_duplicates=0)


def _has_sent(running: Running) -> bool:
    return "message sent" in running.err


CAMPAIGN = Campaign("O6", "eight schedulers on one queue", run)
