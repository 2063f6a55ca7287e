"""Claim, send, record: the one procedure by which mails, events and weekly reports are delivered."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

from attrs import evolve, frozen

from leadtracker.domain.model.deliveries.deliverable import Deliverable, DeliveryResult
from leadtracker.domain.ports.system import Clock, IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

DeliverableT = TypeVar("DeliverableT", bound=Deliverable)


class DeliveryQueue(Protocol[DeliverableT]):
    """A source of deliverables, with the way in which they are sent and stored."""

    def find(self, tx: UnitOfWork, now: datetime) -> DeliverableT | None:
        """Return the deliverable to attempt next, or None; it may store that others must wait."""
        ...

    def send(self, claimed: DeliverableT) -> DeliveryResult:
        """Try once, outside of any transaction; an error of the receiver is a result, not an exception."""
        ...

    def store(self, tx: UnitOfWork, changed: DeliverableT, epoch: int) -> bool:
        """Store a claim or a result; False if the stored epoch is no longer ``epoch``."""
        ...


@frozen(kw_only=True)
class DeliveryWorker:
    """Work on queues; safe for any number of processes and threads at once.

    An attempt is stored before anything is sent and completed afterwards, so that the store shows every
    attempt even if the process dies in between.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource

    def deliver_next(self, queue: DeliveryQueue[DeliverableT]) -> DeliverableT | None:
        """Attempt one deliverable; None if the queue has none, or if another process has claimed it."""
        with self._unit_of_work() as tx:
            claimed = self._claim(tx, queue)
            tx.commit()
        if claimed is None:
            return None
        attempted, _ = self._record(queue, claimed, queue.send(claimed), claim_next=False)
        return attempted

    def deliver_all(
        self, queue: DeliveryQueue[DeliverableT], until: Callable[[], bool]
    ) -> Iterator[DeliverableT]:
        """Attempt one deliverable after another until the queue is empty or ``until`` returns True.

        Exhaust the iterator: each result is stored in the transaction that claims the next deliverable, so
        a deliverable that was yielded has already claimed its successor.
        """
        with self._unit_of_work() as tx:
            claimed = self._claim(tx, queue)
            tx.commit()
        while claimed is not None:
            result = queue.send(claimed)
            attempted, claimed = self._record(queue, claimed, result, claim_next=not until())
            yield attempted

    def _claim(self, tx: UnitOfWork, queue: DeliveryQueue[DeliverableT]) -> DeliverableT | None:
        now = self._clock.now()
        found = queue.find(tx, now)
        if found is None or found.is_leased(now):
            return None
        if found.is_exhausted(now):
            queue.store(tx, evolve(found.with_expired_lease_closed(now), epoch=found.epoch + 1), found.epoch)
            return self._claim(tx, queue)
        claimed = found.claim(now)
        return claimed if queue.store(tx, claimed, found.epoch) else None

    def _record(
        self,
        queue: DeliveryQueue[DeliverableT],
        claimed: DeliverableT,
        result: DeliveryResult,
        *,
        claim_next: bool,
    ) -> tuple[DeliverableT, DeliverableT | None]:
        """Store the result of an attempt; return the deliverable and, if asked for, the next claimed one."""
        attempted = claimed.record_result(result, self._clock.now(), self._ids.fraction())
        with self._unit_of_work() as tx:
            # The epoch rejects a late result: the process that has claimed the deliverable since decides.
            queue.store(tx, attempted, claimed.epoch)
            following = self._claim(tx, queue) if claim_next else None
            tx.commit()
        return attempted, following
