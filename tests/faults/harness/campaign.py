"""Campaigns, the sandbox that each one runs in, and the findings that it reports."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from attrs import define, field, frozen
from dependency_injector import providers
from pydantic import SecretStr

from leadtracker.container import Container
from leadtracker.settings import Settings
from tests.faults.harness.databases import KINDS
from tests.support.examples.weeks import stable_timezone
from tests.support.memory.system import MemoryClock
from tests.support.raw_database import RawDatabase
from tests.support.servers.processes import Program


class Tier(StrEnum):
    """How much campaigns do."""

    CI = "ci"
    """Small sizes, for a busy machine: times are shown and not judged."""
    QUICK = "quick"
    FULL = "full"
    """The sizes of the catalogue."""


class CheckFailed(AssertionError):
    """A check of a campaign that failed and ends it; the text begins with the name of what was measured."""


@define
class Findings:
    """The measurements of a campaign and the faults among them.

    Attributes:
        faults: the checks that failed, each beginning with the name of its measurement.
        errors: what ended the campaign without being a check: they say nothing about the program.
        skipped: why the campaign cannot run on this machine.
        judges_times: whether times have limits.
    """

    measurements: dict[str, object] = field(factory=dict)
    faults: list[str] = field(factory=list)
    errors: list[str] = field(factory=list)
    skipped: str | None = None
    judges_times: bool = True

    def record(self, **measurements: object) -> None:
        """Record measurements without a limit."""
        self.measurements |= measurements

    def expect_equal(self, expected: object, **measurements: object) -> None:
        """Record measurements that must have an exact value."""
        self._count(measurements, lambda value: value == expected, f"must be {expected}")

    def expect_at_most(self, most: float, **measurements: float) -> None:
        """Record measurements with an upper limit."""
        self._count(measurements, lambda value: value <= most, f"must be at most {most}")

    def expect_seconds(self, most: float, **measurements: float) -> None:
        """Record times with an upper limit, which is judged where the machine has little else to do."""
        if self.judges_times:
            self.expect_at_most(most, **measurements)
        else:
            self.record(**measurements)

    def expect_at_least(self, least: float, **measurements: float) -> None:
        """Record measurements with a lower limit."""
        self._count(measurements, lambda value: value >= least, f"must be at least {least}")

    def _count(self, measurements: Any, is_right: Callable[[Any], bool], rule: str) -> None:
        self.record(**measurements)
        self.faults += [
            f"{name} is {value}, {rule}" for name, value in measurements.items() if not is_right(value)
        ]


@frozen
class Sandbox:
    """A dedicated folder and migrated database for one campaign.

    Attributes:
        rng: chooses the moments and values that must vary between rounds.
        tier: how much to do.
    """

    folder: Path
    database_url: str
    rng: random.Random
    tier: Tier
    findings: Findings = field(factory=Findings)

    @property
    def is_full(self) -> bool:
        """True if the sizes are those of the catalogue."""
        return self.tier is Tier.FULL

    def size(self, quick: int, full: int, ci: int | None = None) -> int:
        """Return the number for the tier of this run; without ``ci``, CI has that of ``quick``."""
        return full if self.is_full else quick if ci is None or self.tier is Tier.QUICK else ci

    def program(self, **settings: object) -> Program:
        """Return the program on the sandbox's database, with additional settings.

        In CI its processes are forks of one that has loaded it, because starts are much of what campaigns do.
        """
        given = {
            "DATABASE_URL": self.database_url,
            "TIMEZONE": stable_timezone(),
            "ADMIN_PASSWORD": "given to the server",
            "ACKNOWLEDGEMENTS_PER_HOUR": 0,  # campaigns count every mail
            "NOTIFICATIONS_PER_HOUR": 0,
        }
        folder = self.folder / "program"
        folder.mkdir(exist_ok=True)
        return Program(folder, {**given, **settings}, is_forked=self.tier is Tier.CI)

    @property
    def raw_db(self) -> RawDatabase:
        """Direct access to the sandbox's database."""
        return RawDatabase(self.database_url)

    @contextmanager
    def container(self, clock: MemoryClock | None = None, **settings: Any) -> Iterator[Container]:
        """Return the container on the sandbox's database in this process, optionally with another clock."""
        given: dict[str, Any] = {
            "database_url": SecretStr(self.database_url),
            "data_dir": self.folder / "program" / "data",
            "acknowledgements_per_hour": 0,  # campaigns count every mail
            "notifications_per_hour": 0,
        }
        container = Container(settings=Settings(**(given | settings)))
        if clock is not None:
            container.clock.override(providers.Object(clock))
        try:
            yield container
        finally:
            container.dialect().close()


@frozen
class PlantedBug:
    """A bug that a campaign exists for, which it must find when the bug is planted.

    Attributes:
        description: what is wrong, as a sentence without a full stop.
        found_by: the names of measurements, one of which must fail on each database. A bug that breaks the
            program altogether, or a slow machine, would otherwise count as found by any check.
        plant: returns a block in which the program has the bug.
        databases_used: those that it concerns; None for all of its campaign.
    """

    description: str
    found_by: tuple[str, ...]
    plant: Callable[[], AbstractContextManager[None]]
    databases_used: tuple[str, ...] | None = None


@frozen
class Campaign:
    """An entry of the catalogue of campaigns.

    Attributes:
        slug: the name on the command line and in the printed line.
        purpose: which fault it is, in a few words.
        run: counts into the sandbox's findings. It may raise ``CheckFailed``, or pytest's error for a skipped
            test; everything else that it raises is an error of the campaign.
        databases_used: the databases for which it makes a difference.
        is_concurrent: whether it mostly waits, so that both databases can have their turn at once.
        bugs: what ``--prove`` plants, one after the other.
    """

    slug: str
    purpose: str
    run: Callable[[Sandbox], None]
    databases_used: tuple[str, ...] = KINDS
    is_concurrent: bool = False
    bugs: tuple[PlantedBug, ...] = ()
