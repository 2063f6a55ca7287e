"""Port: the register of consents."""

from typing import Protocol

from leadtracker.domain.model.intake.consent import Consent


class Consents(Protocol):
    """Stores the consent that came with a lead, which is erased with it. Each text is stored once."""

    def add(self, lead_id: str, consent: Consent) -> None:
        """Store the consent of a lead that has none; the lead must have been stored in this unit of work."""
        ...

    def of(self, lead_id: str) -> Consent | None:
        """Return the consent of a lead with the version of its text; None if it came without one."""
        ...
