"""Ids, secrets and random numbers that are the same in every run."""

import base64
import hashlib
import itertools
import random
from datetime import datetime

from leadtracker.domain.ports.system import IdSource


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
