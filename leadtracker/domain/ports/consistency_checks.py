"""Port: looking at everything that is stored, to find what must not be."""

from collections.abc import Iterator
from typing import Protocol

from leadtracker.domain.model.consistency import Invariant, Trail


class Inspection(Protocol):
    """Looks at a store while others work with it; needs no more memory for many leads than for few."""

    def violations(self, invariant: Invariant) -> list[str]:
        """The first few ids of what breaks I1, I2, I3 or I8; of I7, what is wrong, in the store's words."""
        ...

    def trails(self) -> Iterator[Trail]:
        """The history of each lead, of those that were erased, too."""
        ...

    def leads_with_resumes(self) -> Iterator[str]:
        """The ids of all leads that say they have a resume or for which a file is kept."""
        ...
