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

import pytest
import structlog
from attrs import evolve, frozen

from leadtracker.settings import PREFIX
from tests.faults.harness.campaign import Campaign, CheckFailed, Findings, PlantedBug, Sandbox, Tier
from tests.faults.harness.databases import Databases
from tests.support.servers.postgres import URL_VARIABLE, PostgresMissing


@frozen
class Runner:
    """Runs campaigns.

    Attributes:
        folder: where their sandboxes are; those of campaigns that passed are removed.
        tier: how much they do.
    """

    folder: Path
    tier: Tier

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
        return all([self._prove_one(campaign, bug, databases) for bug in campaign.bugs])  # noqa: C419 - all are planted

    def _prove_one(self, campaign: Campaign, bug: PlantedBug, databases: Databases) -> bool:
        began = time.monotonic()
        databases_used = bug.databases_used or campaign.databases_used
        try:
            with bug.plant():
                all_findings = self._findings(evolve(campaign, databases_used=databases_used), databases)
        except AttributeError as error:  # the next bug must be planted
            verdict, details = "ERROR", [f"cannot be planted: {error}"]
        else:
            shutil.rmtree(self.folder / campaign.slug)
            verdict, details = _verdict(bug, all_findings)
        details.append(f"seconds={time.monotonic() - began:.0f}")
        print(" | ".join([f"{verdict} {campaign.slug} finds: {bug.description}", *details]), flush=True)  # noqa: T201 - a command
        return verdict in {"PASS", "SKIP"}

    def _run(self, campaign: Campaign, databases: Databases) -> bool:
        began = time.monotonic()
        folder = self.folder / campaign.slug
        all_findings = self._findings(campaign, databases)
        faults = [
            f"{kind}: {fault}"
            for kind, findings in zip(campaign.databases_used, all_findings, strict=True)
            for fault in (*findings.faults, *findings.errors)
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
        findings = Findings({"database": kind}, judges_times=self.tier is not Tier.CI)
        seed = secrets.randbits(32)
        try:
            rng = random.Random(seed)  # noqa: S311 - not used for security
            campaign.run(Sandbox(folder, databases.create(kind, folder), rng, self.tier, findings))
        except CheckFailed as failure:
            findings.faults.append(str(failure))
        except (pytest.skip.Exception, PostgresMissing) as reason:
            findings.skipped = str(reason)
        except Exception as error:  # noqa: BLE001 - the next campaign must run
            traceback.print_exc(file=sys.stderr)
            findings.errors.append(f"error: {type(error).__name__}: {error}")
        return findings


def _verdict(bug: PlantedBug, all_findings: Sequence[Findings]) -> tuple[str, list[str]]:
    """Return whether a planted bug was found, and by which checks.

    Each database must find it, or one would hide that the campaign finds nothing on the other. A campaign
    that ends by an error has proved nothing: any bug may be its cause, also one of the campaign itself.
    """
    errors = [error for findings in all_findings for error in findings.errors]
    skipped = [findings.skipped for findings in all_findings if findings.skipped]
    if errors:
        return "ERROR", errors
    if skipped:
        return "SKIP", skipped
    found = [
        [fault for fault in one.faults if fault.split(maxsplit=1)[0] in bug.found_by] for one in all_findings
    ]
    if all(found):
        return "PASS", [fault for faults in found for fault in faults]
    others = [fault for findings in all_findings for fault in findings.faults]
    return "FAIL", [f"not found by {' or '.join(bug.found_by)}", *others]


def _line(campaign: Campaign, all_findings: Sequence[Findings], faults: Sequence[str], seconds: float) -> str:
    names = dict.fromkeys(name for findings in all_findings for name in findings.measurements)
    values = {
        name: "/".join(str(findings.measurements.get(name, "?")) for findings in all_findings)
        for name in names
    }
    measurements = " ".join(f"{name}={value}" for name, value in values.items())
    skipped = list(dict.fromkeys(findings.skipped for findings in all_findings if findings.skipped))
    verdict = "FAIL" if faults else "SKIP" if skipped else "PASS"
    line = f"{verdict} {campaign.slug} {measurements} seconds={seconds:.0f}"
    return " | ".join([line, *skipped, *faults])


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
