"""Forget idempotency keys that no longer mean anything."""

from attrs import frozen

from leadtracker.domain.model.intake.idempotency import KEY_LIFETIME
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen
class PurgeIdempotencyKeys:
    """Remove remembered requests that are older than their keys live; done by any scheduler."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def __call__(self) -> int:
        """Forget them and count them."""
        with self._unit_of_work() as tx:
            purged = tx.idempotency.purge(self._clock.now() - KEY_LIFETIME)
            tx.commit()
        return purged
