"""The command line of the fault campaigns: run some of them, or list all."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.faults.catalogue import CAMPAIGNS, IN_CI
from tests.faults.harness.campaign import Campaign, Tier
from tests.faults.jobs import run_at_once
from tests.faults.runner import Runner


def main(arguments: list[str]) -> int:
    """Run the named campaigns, or all of them; in CI, those of its tier.

    Returns:
        The exit status: 0 if all passed, 1 if one failed or missed a planted bug, 2 for a name or size that
        does not exist.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("slugs", nargs="*", metavar="CAMPAIGN", help="the slug of a campaign")
    parser.add_argument("--list", action="store_true", help="print one slug per line with its purpose")
    parser.add_argument(
        "--prove",
        action="store_true",
        help="plant the bugs that campaigns exist for, and expect them to be found",
    )
    parser.add_argument(
        "--jobs", type=int, default=1, help="how many campaigns run at once; not with --prove"
    )
    options = parser.parse_args(arguments)
    if options.list:
        print(_listing())  # noqa: T201 - a command
        return 0
    size = os.environ.get("FAULTS") or Tier.QUICK.value
    known = {campaign.slug for campaign in CAMPAIGNS}
    if {*options.slugs} - known or size not in {*Tier}:
        sizes = ", ".join(Tier)
        print(f"FAULTS is one of {sizes}; campaigns are:\n{_listing()}", file=sys.stderr)  # noqa: T201 - a command
        return 2
    chosen = _chosen(options.slugs, Tier(size))
    folder = Path(tempfile.mkdtemp(prefix="leadtracker-faults-"))
    if options.jobs > 1:
        passed = run_at_once(chosen, options.jobs, folder, Tier(size))
    else:
        runner = Runner(folder, Tier(size))
        passed = runner.prove(chosen) if options.prove else runner.run(chosen)
    if passed:
        folder.rmdir()
    return 0 if passed else 1


def _chosen(slugs: Sequence[str], tier: Tier) -> list[Campaign]:
    if tier is Tier.CI and not slugs:
        return list(IN_CI)
    return [campaign for campaign in CAMPAIGNS if not slugs or campaign.slug in slugs]


def _listing() -> str:
    width = max(len(campaign.slug) for campaign in CAMPAIGNS)
    return "\n".join(f"{campaign.slug:{width}}  {campaign.purpose}" for campaign in CAMPAIGNS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
