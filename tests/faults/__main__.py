"""The command: runs campaigns and tells what they found."""

import os
import sys
import tempfile
from pathlib import Path

from tests.faults.catalogue import CAMPAIGNS
from tests.faults.runner import Runner

_SIZES = ("quick", "full")


def main(requested: list[str]) -> int:
    """Run what is wanted, or everything; 0 if all passed, 1 if one failed, 2 for what does not exist."""
    size = os.environ.get("FAULTS") or _SIZES[0]
    unknown = {one.upper() for one in requested} - {campaign.id for campaign in CAMPAIGNS}
    if unknown or size not in _SIZES:
        known = "\n".join(f"  {campaign.id:3} {campaign.what}" for campaign in CAMPAIGNS)
        print(f"FAULTS is quick or full; campaigns are:\n{known}", file=sys.stderr)  # noqa: T201 - a command
        return 2
    names = {one.upper() for one in requested} or {campaign.id for campaign in CAMPAIGNS}
    chosen = [campaign for campaign in CAMPAIGNS if campaign.id in names]
    folder = Path(tempfile.mkdtemp(prefix="leadtracker-faults-"))
    passed = Runner(folder, is_full=size == "full").run(chosen)
    if passed:
        folder.rmdir()
    return 0 if passed else 1


sys.exit(main(sys.argv[1:]))
