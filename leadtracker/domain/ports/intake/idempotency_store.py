"""Port: idempotency keys and the leads that their requests created."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.intake.idempotency import IdempotentRequest, RememberedCapture
from leadtracker.domain.model.leads.lead import Lead


class IdempotencyStore(Protocol):
    """Stores each request with an idempotency key, and the lead of its response."""

    def claim(self, request: IdempotentRequest, now: datetime) -> RememberedCapture | None:
        """Claim a key, unless a request with it was stored within KEY_LIFETIME.

        Waits while another unit of work holds the same key.

        Returns:
            The stored request and its lead; None if the key is claimed, and ``remember`` must follow.
        """
        ...

    def remember(self, request: IdempotentRequest, lead: Lead) -> None:
        """Store the lead that the claimed request created."""
        ...

    def erase(self, lead_id: str) -> None:
        """Delete the requests whose response was this lead."""
        ...

    def purge(self, before: datetime) -> int:
        """Delete the requests received before a timestamp; return their number."""
        ...
