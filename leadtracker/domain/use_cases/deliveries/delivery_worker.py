"""Make one attempt at a delivery: claim, send, settle; shared by the use cases that deliver."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from attrs import frozen

from leadtracker.domain.model.deliveries.deliverable import Delivery, DeliveryResult
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

Sent = TypeVar("Sent", bound=Delivery)
Find = Callable[[UnitOfWork], Sent | None]
Replace = Callable[[UnitOfWork, Sent, int], bool]


@frozen
class Attempting:
    """The one way in which anything is delivered; safe for any number of processes at once.

    The attempt is stored before anything is sent and finished afterwards: whatever happens in between, the
    store tells of it. Of many, each is finished in the transaction that begins the next.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource

    def __call__(
        self, find: Find[Sent], replace: Replace[Sent], send: Callable[[Sent], DeliveryResult]
    ) -> Sent | None:
        """Attempt what ``find`` gives; None if there is nothing, or if another process was faster."""
        claimed = self._claim(find, replace)
        if claimed is None:
            return None
        settled, _ = self._settle(claimed, send(claimed), replace, None)
        return settled

    def each(
        self,
        find: Find[Sent],
        replace: Replace[Sent],
        send: Callable[[Sent], DeliveryResult],
        until: Callable[[], bool],
    ) -> Iterator[Sent]:
        """Attempt one after the other of what ``find`` gives, until there is nothing or ``until`` says so.

        To be asked until its end: what it gives is settled, but the next is claimed by then.
        """
        claimed = self._claim(find, replace)
        while claimed is not None:
            result = send(claimed)
            settled, claimed = self._settle(claimed, result, replace, None if until() else find)
            yield settled

    def _claim(self, find: Find[Sent], replace: Replace[Sent]) -> Sent | None:
        with self._unit_of_work() as tx:
            claimed = self._claim_within(tx, find, replace)
            if claimed is not None:
                tx.commit()
        return claimed

    def _claim_within(self, tx: UnitOfWork, find: Find[Sent], replace: Replace[Sent]) -> Sent | None:
        now = self._clock.now()
        delivery = find(tx)
        if delivery is None or delivery.is_leased(now):
            return None
        claimed = delivery.claim(now)
        return claimed if replace(tx, claimed, delivery.epoch) else None

    def _settle(
        self, claimed: Sent, result: DeliveryResult, replace: Replace[Sent], find: Find[Sent] | None
    ) -> tuple[Sent, Sent | None]:
        """Store what became of one, and claim the next if ``find`` is given."""
        settled = claimed.settle(result, self._clock.now(), self._ids.fraction())
        with self._unit_of_work() as tx:
            # A late settlement is fenced off: whoever has claimed it since then tells its state.
            is_settled = replace(tx, settled, claimed.epoch)
            following = None if find is None else self._claim_within(tx, find, replace)
            if is_settled or following is not None:
                tx.commit()
        return settled, following
