"""Ports of the canary: its stored runs, and the visitor who submits the public form."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from leadtracker.domain.model.deliveries.canary import CanaryRun, FormVisit


class CanaryRuns(Protocol):
    """Stores the test of each day, so that one scheduler runs it."""

    def latest(self, limit: int) -> list[CanaryRun]:
        """Return at most ``limit`` tests, the latest day first; a writing unit of work locks them."""
        ...

    def find_running(self, secret: str) -> CanaryRun | None:
        """Return the test that is not finished and has this secret, or None; locks as ``latest``."""
        ...

    def add(self, run: CanaryRun) -> bool:
        """Store the test of a day; return False if another scheduler has stored one of that day."""
        ...

    def save(self, run: CanaryRun) -> None:
        """Replace the test of its day."""
        ...

    def purge(self, before: date) -> None:
        """Delete the tests of the days before ``before``."""
        ...


class FormVisitor(Protocol):
    """Submits the public form as a visitor does, through the public address of the installation."""

    def submit(self, inputs: Mapping[str, str]) -> FormVisit:
        """Open the form, fill in the inputs that it has, and send it with a small file.

        It takes some seconds, because a form that is returned at once looks like spam. Errors are results,
        not exceptions.
        """
        ...
