"""Eight schedulers that share one queue."""

from contextlib import ExitStack

from tests.faults.harness.campaign import Campaign, PlantedBug, Sandbox
from tests.faults.harness.planting import in_processes
from tests.faults.mails.mail_delivery import NOTIFY_ADDRESS, capture, check_mails, number_sent, plain
from tests.support.instruments.polling import eventually
from tests.support.servers.processes import Running
from tests.support.servers.smtp import MailServer

_SCHEDULERS = 8
_MAX_WAIT_SECONDS = 540.0


def run(sandbox: Sandbox) -> None:
    """Fill the queue while all schedulers empty it, so that they compete all the time."""
    mails = sandbox.size(500, 5_000, ci=200)
    with MailServer() as server, sandbox.container(notify=NOTIFY_ADDRESS) as container, ExitStack() as stack:
        program = sandbox.program(SMTP_URL=plain(server))
        started = [stack.enter_context(program.start("scheduler")) for _ in range(_SCHEDULERS)]
        for running in started:
            running.wait_for_log_line("scheduler started")
        capture(container, *(f"p{number}@example.com" for number in range(mails // 2)))
        eventually(lambda: number_sent(sandbox) >= mails, "every mail sent", _MAX_WAIT_SECONDS)
        statuses = [running.stop().status for running in started]
        sandbox.findings.expect_equal(_SCHEDULERS, clean_exits=statuses.count(0))
        sandbox.findings.expect_at_least(
            2, schedulers_that_sent=sum(_has_sent(running) for running in started)
        )
        sandbox.findings.expect_equal(
            0, failed_jobs=sum(running.err.count("job failed") for running in started)
        )
        check_mails(sandbox, server, mails=mails, max_duplicates=0)


def _has_sent(running: Running) -> bool:
    return "delivery sent" in running.err


_SHARE_CLAIMS = """
    from attrs import evolve
    from leadtracker.adapters.database.repositories.deliveries.delivery_repository import (
        PeeweeDeliveryRepository as Deliveries,
    )
    replace = Deliveries.replace
    def without_first_lease(self, one, *, epoch):
        if one.leased_until and len(one.attempts) == 1:  # without any lease, no mail would ever be finished
            one = evolve(one, leased_until=None, due_at=one.created_at)
        return replace(self, one, epoch=epoch)
    Deliveries.replace = without_first_lease
"""

CAMPAIGN = Campaign(
    "many-schedulers",
    "eight schedulers on one queue",
    run,
    bugs=(
        PlantedBug("the first claim of a mail has no lease", ("duplicates",), in_processes(_SHARE_CLAIMS)),
    ),
)
