"""Run campaigns, each in a fresh sandbox, and print a line for each."""

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

import structlog
from attrs import evolve, frozen

from leadtracker.settings import PREFIX
from tests.faults.harness.campaign import Campaign, Findings, Sandbox
from tests.faults.harness.databases import Databases
from tests.support.servers.postgres import URL_VARIABLE


@frozen
class Runner:
    """Runs campaigns in the size of the catalogue or a smaller one.

    Attributes:
        folder: where their grounds are; those of campaigns that passed are removed.
    """

    folder: Path
    is_full: bool

    def run(self, campaigns: Iterable[Campaign]) -> bool:
        """Run the campaigns one after the other, and return whether all passed."""
        with _isolated_environment(self.folder), Databases() as databases:
            return all([self._run(campaign, databases) for campaign in campaigns])  # noqa: C419 - all are run

    def prove(self, campaigns: Iterable[Campaign]) -> bool:
        """Plant each campaign's bugs, one after the other, and return whether the campaigns found all."""
        with _isolated_environment(self.folder), Databases() as databases:
            return all([self._prove(campaign, databases) for campaign in campaigns])  # noqa: C419 - all are run

    def _prove(self, campaign: Campaign, databases: Databases) -> bool:
        if not campaign.bugs:
            print(f"SKIP {campaign.slug} has no planted bug", flush=True)  # noqa: T201 - a command
        all_found = True
        for bug in campaign.bugs:
            began = time.monotonic()
            with bug.plant():
                databases_used = bug.databases_used or campaign.databases_used
                all_findings = self._findings(evolve(campaign, databases_used=databases_used), databases)
            shutil.rmtree(self.folder / campaign.slug)
            # Each database must find it, or one would hide that the campaign is blind on the other.
            is_found = all(findings.faults for findings in all_findings)
            faults = [fault for findings in all_findings for fault in findings.faults[:3]] or ["not found"]
            line = f"{'PASS' if is_found else 'FAIL'} {campaign.slug} finds: {bug.description}"
            faults.append(f"seconds={time.monotonic() - began:.0f}")
            print(" | ".join([line, *faults]), flush=True)  # noqa: T201 - a command
            all_found &= is_found
        return all_found

    def _run(self, campaign: Campaign, databases: Databases) -> bool:
        began = time.monotonic()
        folder = self.folder / campaign.slug
        all_findings = self._findings(campaign, databases)
        faults = [
            f"{kind}: {fault}"
            for kind, findings in zip(campaign.databases_used, all_findings, strict=True)
            for fault in findings.faults
        ]
        if faults:
            faults.append(f"see {folder}")
        else:
            shutil.rmtree(folder)
        print(_line(campaign, all_findings, faults, time.monotonic() - began), flush=True)  # noqa: T201 - a command
        return not faults

    def _findings(self, campaign: Campaign, databases: Databases) -> list[Findings]:
        folder = self.folder / campaign.slug
        with ThreadPoolExecutor(len(campaign.databases_used) if campaign.is_concurrent else 1) as pool:
            return list(
                pool.map(
                    lambda kind: self._try(campaign, folder / kind, databases, kind), campaign.databases_used
                )
            )

    def _try(self, campaign: Campaign, folder: Path, databases: Databases, kind: str) -> Findings:
        folder.mkdir(parents=True)
        findings = Findings({"database": kind})
        seed = secrets.randbits(32)
        try:
            rng = random.Random(seed)  # noqa: S311 - not used for security
            campaign.run(Sandbox(folder, databases.create(kind, folder), rng, self.is_full, findings))
        except Exception as error:  # noqa: BLE001 - any error is a fault, and the next campaign must run
            traceback.print_exc(file=sys.stderr)
            findings.faults.append(f"{type(error).__name__}: {error}")
        return findings


def _line(campaign: Campaign, all_findings: Sequence[Findings], faults: Sequence[str], seconds: float) -> str:
    names = dict.fromkeys(name for findings in all_findings for name in findings.measurements)
    values = {
        name: "/".join(str(findings.measurements.get(name, "?")) for findings in all_findings)
        for name in names
    }
    measurements = " ".join(f"{name}={value}" for name, value in values.items())
    line = f"{'FAIL' if faults else 'PASS'} {campaign.slug} {measurements} seconds={seconds:.0f}"
    return " | ".join([line, *faults])


@contextmanager
def _isolated_environment(folder: Path) -> Iterator[None]:
    """A working directory without ``.env``, and an environment without settings."""
    for name in [*os.environ]:
        if name.upper().startswith(PREFIX) and name != URL_VARIABLE:
            del os.environ[name]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # mail servers that break off have much to say
    with chdir(folder):
        yield
