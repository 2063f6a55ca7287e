"""Running campaigns, each on fresh ground, and printing a line for each."""

import logging
import os
import random
import secrets
import shutil
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager
from pathlib import Path

from attrs import frozen

from leadtracker.settings import PREFIX
from tests.faults.campaign import Campaign, Ground, Tally
from tests.faults.databases import Databases
from tests.support.postgres import URL_VARIABLE


@frozen
class Runner:
    """Runs campaigns in the size of the catalogue or a smaller one.

    Attributes:
        folder: where their grounds are; those of campaigns that passed are removed.
    """

    folder: Path
    is_full: bool

    def run(self, campaigns: Iterable[Campaign]) -> bool:
        """Run them one after the other; whether all passed."""
        with _quiet_surroundings(self.folder), Databases() as databases:
            return all([self._run(campaign, databases) for campaign in campaigns])  # noqa: C419 - all are run

    def _run(self, campaign: Campaign, databases: Databases) -> bool:
        began = time.monotonic()
        folder = self.folder / campaign.id
        with ThreadPoolExecutor(len(campaign.kinds) if campaign.side_by_side else 1) as pool:
            tallies = list(
                pool.map(lambda kind: self._try(campaign, folder / kind, databases, kind), campaign.kinds)
            )
        faults = [
            f"{kind}: {fault}"
            for kind, tally in zip(campaign.kinds, tallies, strict=True)
            for fault in tally.faults
        ]
        if faults:
            faults.append(f"see {folder}")
        else:
            shutil.rmtree(folder)
        print(_line(campaign, tallies, faults, time.monotonic() - began), flush=True)  # noqa: T201 - a command
        return not faults

    def _try(self, campaign: Campaign, folder: Path, databases: Databases, kind: str) -> Tally:
        folder.mkdir(parents=True)
        tally = Tally({"database": kind})
        seed = secrets.randbits(32)
        try:
            dice = random.Random(seed)  # noqa: S311 - nobody guesses these
            campaign.run(Ground(folder, databases.create(kind, folder), dice, self.is_full, tally))
        except Exception as error:  # noqa: BLE001 - whatever it was, it is a fault, and others must go on
            traceback.print_exc(file=sys.stderr)
            tally.faults.append(f"{type(error).__name__}: {error}")
        return tally


def _line(campaign: Campaign, tallies: Sequence[Tally], faults: Sequence[str], seconds: float) -> str:
    names = dict.fromkeys(name for tally in tallies for name in tally.measurements)
    values = {name: "/".join(str(tally.measurements.get(name, "?")) for tally in tallies) for name in names}
    measurements = " ".join(f"{name}={value}" for name, value in values.items())
    told = f"{'FAIL' if faults else 'PASS'} {campaign.id} {measurements} seconds={seconds:.0f}"
    return " | ".join([told, *faults])


@contextmanager
def _quiet_surroundings(folder: Path) -> Iterator[None]:
    """A working directory without ``.env``, and an environment without settings."""
    for name in [*os.environ]:
        if name.upper().startswith(PREFIX) and name != URL_VARIABLE:
            del os.environ[name]
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # mail servers that break off have much to say
    with chdir(folder):
        yield
