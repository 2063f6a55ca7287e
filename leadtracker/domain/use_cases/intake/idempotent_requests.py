"""Remember requests that capture leads, so that repeating one captures nothing."""

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from leadtracker.domain.errors import IdempotencyKeyReused
from leadtracker.domain.model.intake.idempotency import KEY_LIFETIME, IdempotentRequest
from leadtracker.domain.model.intake.submission import Submission
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory


def find_captured(tx: UnitOfWork, requests: Sequence[IdempotentRequest], now: datetime) -> Lead | None:
    """Return the lead that an earlier request with one of these keys has captured; None if there was none.

    Raises:
        IdempotencyKeyReused: the earlier request had other fields.
    """
    for request in requests:
        remembered = tx.idempotency.claim(request, now)
        if remembered:
            if remembered.fingerprint != request.fingerprint:
                raise IdempotencyKeyReused
            return remembered.lead
    return None


def remember(
    tx: UnitOfWork, requests: Sequence[IdempotentRequest], lead: Lead, submission: Submission
) -> None:
    """Store which lead a request has captured, and delete the rejected submissions of its form."""
    for request in requests:
        tx.idempotency.remember(request, lead)
    if submission.form_token:
        tx.rejected_submissions.remove_of_form(submission.form_token.id)


@frozen(kw_only=True)
class PurgeIdempotencyKeys:
    """Delete idempotency keys that have expired; called by every scheduler."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self) -> int:
        """Delete them and return their number."""
        with self._unit_of_work() as tx:
            purged = tx.idempotency.purge(self._clock.now() - KEY_LIFETIME)
            tx.commit()
        return purged
