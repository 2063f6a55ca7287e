"""Port: requests that must not happen twice."""

from datetime import datetime
from typing import Protocol

from leadtracker.domain.model.intake.idempotency import IdempotentRequest, RememberedCapture
from leadtracker.domain.model.leads.lead import Lead


class IdempotencyStore(Protocol):
    """Remembers requests with an idempotency key and what was answered to them."""

    def claim(self, request: IdempotentRequest, now: datetime) -> RememberedCapture | None:
        """Take a key, unless a request with it was remembered within KEY_LIFETIME.

        While another unit of work holds the same key, this waits for it to end.

        Returns:
            What is remembered; None if the key is ours, to be followed by ``remember``.
        """
        ...

    def remember(self, request: IdempotentRequest, lead: Lead) -> None:
        """Keep the lead that is answered to the request whose key was claimed."""
        ...

    def erase(self, lead_id: str) -> None:
        """Forget the requests that were answered with a lead."""
        ...

    def purge(self, before: datetime) -> int:
        """Forget the requests that came before a timestamp, and count them."""
        ...
