"""Run campaigns in several processes; each takes the next campaign when it has finished one."""

import sys
from collections.abc import Iterable
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from tests.faults.catalogue import CAMPAIGNS
from tests.faults.harness.campaign import Campaign, Tier
from tests.faults.runner import Runner


def run_at_once(campaigns: Iterable[Campaign], jobs: int, folder: Path, tier: Tier) -> bool:
    """Run campaigns, some at a time, and return whether all passed.

    Args:
        campaigns: those that take longest should come first.
        jobs: the number of processes.
        folder: where their sandboxes are.
        tier: how much they do.
    """
    context = get_context("spawn")
    waiting: SimpleQueue[str | None] = context.SimpleQueue()
    for slug in [*(campaign.slug for campaign in campaigns), *[None] * jobs]:
        waiting.put(slug)
    folders = [folder / str(number) for number in range(1, jobs + 1)]
    workers = [context.Process(target=_work, args=(waiting, one, tier)) for one in folders]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for one in folders:
        if one.exists() and not any(one.iterdir()):
            one.rmdir()
    return all(worker.exitcode == 0 for worker in workers)


def _work(waiting: "SimpleQueue[str | None]", folder: Path, tier: Tier) -> None:
    """Run the campaigns that are taken from a queue until it yields None."""
    folder.mkdir()
    known = {campaign.slug: campaign for campaign in CAMPAIGNS}
    passed = Runner(folder, tier).run(map(known.__getitem__, iter(waiting.get, None)))
    sys.exit(0 if passed else 1)
