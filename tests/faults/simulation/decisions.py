"""The decisions of one simulation, all of which follow from its seed."""

import random
from collections.abc import Sequence
from typing import TypeVar

from attrs import define, field

Choice = TypeVar("Choice")

_MAX_ACTORS = 10
_MAX_DECISIONS = 1_000_000


@define
class _Sequence:
    """The decisions of one actor on one day."""

    random: random.Random
    number: int


@define
class Decisions:
    """Makes decisions that are usual or unusual, such as that a process continues or crashes.

    Each decision takes one random number, and each actor has a new sequence of them every day. So a decision
    that is no longer unusual disturbs the others little; therefore failures shrink well.

    Attributes:
        allowed: the numbers of the decisions that may be unusual; None allows all.
        unusual: the numbers of the decisions that were unusual.
    """

    seed: int
    allowed: frozenset[int] | None = None
    unusual: list[int] = field(factory=list, init=False)
    _sequences: dict[int, _Sequence] = field(factory=dict, init=False)

    def choose(
        self, day: int, actor: int, usual: Choice, unusual: Sequence[Choice], chance: float = 1.0
    ) -> Choice:
        """Return ``usual`` or, with a probability of ``chance``, one of ``unusual``.

        Args:
            day: the number of the simulated day.
            actor: the number of the process, < 10.
            usual: what happens most of the time.
            unusual: what may happen instead.
            chance: > 0 and ≤ 1.
        """
        sequence = self._sequence(day * _MAX_ACTORS + actor)
        sequence.number += 1
        drawn = sequence.random.random()
        if drawn >= chance or (self.allowed is not None and sequence.number not in self.allowed):
            return usual
        self.unusual.append(sequence.number)
        return unusual[int(drawn / chance * len(unusual))]

    def _sequence(self, key: int) -> _Sequence:
        sequence = self._sequences.get(key)
        if sequence is None:
            numbers = random.Random(f"{self.seed} {key}")  # noqa: S311 - not used for security
            sequence = self._sequences[key] = _Sequence(numbers, key * _MAX_DECISIONS)
        return sequence
