"""Make one attempt at a delivery: claim, send, settle; shared by the use cases that deliver."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from attrs import frozen

from leadtracker.domain.model.deliveries.deliverable import Deliverable, DeliveryResult
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

DeliverableT = TypeVar("DeliverableT", bound=Deliverable)
Find = Callable[[UnitOfWork], DeliverableT | None]
Replace = Callable[[UnitOfWork, DeliverableT, int], bool]


@frozen
class DeliveryWorker:
    """The one way in which anything is delivered; safe for any number of processes at once.

    The attempt is stored before anything is sent and finished afterwards: whatever happens in between, the
    store tells of it. Of many, each is finished in the transaction that begins the next.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource

    def __call__(
        self,
        find: Find[DeliverableT],
        replace: Replace[DeliverableT],
        send: Callable[[DeliverableT], DeliveryResult],
    ) -> DeliverableT | None:
        """Attempt what ``find`` gives; None if there is nothing, or if another process was faster."""
        claimed = self._claim(find, replace)
        if claimed is None:
            return None
        attempted, _ = self._record_result(claimed, send(claimed), replace, None)
        return attempted

    def each(
        self,
        find: Find[DeliverableT],
        replace: Replace[DeliverableT],
        send: Callable[[DeliverableT], DeliveryResult],
        until: Callable[[], bool],
    ) -> Iterator[DeliverableT]:
        """Attempt one after the other of what ``find`` gives, until there is nothing or ``until`` says so.

        To be asked until its end: what it gives is settled, but the next is claimed by then.
        """
        claimed = self._claim(find, replace)
        while claimed is not None:
            result = send(claimed)
            attempted, claimed = self._record_result(claimed, result, replace, None if until() else find)
            yield attempted

    def _claim(self, find: Find[DeliverableT], replace: Replace[DeliverableT]) -> DeliverableT | None:
        with self._unit_of_work() as tx:
            claimed = self._claim_within(tx, find, replace)
            if claimed is not None:
                tx.commit()
        return claimed

    def _claim_within(
        self, tx: UnitOfWork, find: Find[DeliverableT], replace: Replace[DeliverableT]
    ) -> DeliverableT | None:
        now = self._clock.now()
        delivery = find(tx)
        if delivery is None or delivery.is_leased(now):
            return None
        claimed = delivery.claim(now)
        return claimed if replace(tx, claimed, delivery.epoch) else None

    def _record_result(
        self,
        claimed: DeliverableT,
        result: DeliveryResult,
        replace: Replace[DeliverableT],
        find: Find[DeliverableT] | None,
    ) -> tuple[DeliverableT, DeliverableT | None]:
        """Store what became of one, and claim the next if ``find`` is given."""
        attempted = claimed.record_result(result, self._clock.now(), self._ids.fraction())
        with self._unit_of_work() as tx:
            # A late settlement is fenced off: whoever has claimed it since then tells its state.
            is_stored = replace(tx, attempted, claimed.epoch)
            following = None if find is None else self._claim_within(tx, find, replace)
            if is_stored or following is not None:
                tx.commit()
        return attempted, following
