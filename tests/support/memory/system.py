"""The clock, the disk and the source of ids of the in-memory application, which tests control."""

import base64
import hashlib
import itertools
import random
from datetime import datetime, timedelta

from attrs import define, field, setters

from leadtracker.domain.model.values.timestamps import check_utc
from leadtracker.domain.ports.system import Clock, DiskSpace, IdSource
from leadtracker.domain.use_cases.files.disk_floor import DiskFloor


@define(on_setattr=setters.validate)
class MemoryClock(Clock):
    """An in-memory ``Clock``, whose time changes only by ``advance`` and ``set``."""

    _now: datetime = field(validator=check_utc)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> datetime:
        """Advance by ``step`` (backwards if it is negative) and return the new time."""
        self._now += step
        return self._now

    def set(self, timestamp: datetime) -> None:
        """Set the time to ``timestamp``."""
        self._now = timestamp


@define
class MemoryDiskSpace(DiskSpace):
    """A disk with ``free`` bytes; None if they cannot be measured."""

    free: int | None

    def free_bytes(self) -> int | None:
        return self.free


NO_FLOOR = DiskFloor(disk_space=MemoryDiskSpace(0), floor=0)
"""Accepts every file."""


class MemoryIdSource(IdSource):
    """An in-memory ``IdSource``, whose values are predictable."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._numbers = itertools.count(1)
        self._random = random.Random(seed)  # noqa: S311 - being predictable is its purpose

    def new_id(self, now: datetime) -> str:
        milliseconds = int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
        return f"{milliseconds:012x}{next(self._numbers):020x}"

    def secret(self) -> str:
        bits = hashlib.sha256(f"{self._seed} {next(self._numbers)}".encode()).digest()
        return base64.urlsafe_b64encode(bits).decode().rstrip("=")

    def fraction(self) -> float:
        return self._random.random()
