"""The command line of the fault campaigns: run some of them, or list all."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.faults.catalogue import CAMPAIGNS
from tests.faults.runner import Runner

_SIZES = ("quick", "full")


def main(arguments: list[str]) -> int:
    """Run the named campaigns, or all of them.

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
    options = parser.parse_args(arguments)
    if options.list:
        print(_listing())  # noqa: T201 - a command
        return 0
    size = os.environ.get("FAULTS") or _SIZES[0]
    known = {campaign.slug for campaign in CAMPAIGNS}
    if {*options.slugs} - known or size not in _SIZES:
        print(f"FAULTS is quick or full; campaigns are:\n{_listing()}", file=sys.stderr)  # noqa: T201 - a command
        return 2
    chosen = [campaign for campaign in CAMPAIGNS if campaign.slug in ({*options.slugs} or known)]
    folder = Path(tempfile.mkdtemp(prefix="leadtracker-faults-"))
    runner = Runner(folder, is_full=size == "full")
    passed = runner.prove(chosen) if options.prove else runner.run(chosen)
    if passed:
        folder.rmdir()
    return 0 if passed else 1


def _listing() -> str:
    width = max(len(campaign.slug) for campaign in CAMPAIGNS)
    return "\n".join(f"{campaign.slug:{width}}  {campaign.purpose}" for campaign in CAMPAIGNS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
