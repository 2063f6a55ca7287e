"""Make one attempt at a delivery: claim, send, settle; shared by the use cases that deliver."""

from collections.abc import Callable
from typing import TypeVar

from attrs import frozen

from leadtracker.domain.model.delivery import Delivery, DeliveryResult
from leadtracker.domain.ports.clock import Clock
from leadtracker.domain.ports.id_source import IdSource
from leadtracker.domain.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory

Sent = TypeVar("Sent", bound=Delivery)
Find = Callable[[UnitOfWork], Sent | None]
Replace = Callable[[UnitOfWork, Sent, int], bool]


@frozen
class Attempting:
    """The one way in which anything is delivered; safe for any number of processes at once.

    The attempt is stored before anything is sent and finished afterwards, each in a transaction of its own:
    whatever happens in between, the store tells of it.
    """

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock
    _ids: IdSource

    def __call__(
        self, find: Find[Sent], replace: Replace[Sent], send: Callable[[Sent], DeliveryResult]
    ) -> Sent | None:
        """Attempt what ``find`` gives; None if there is nothing, or if another process was faster."""
        claimed = self._claim(find, replace)
        return None if claimed is None else self._settle(claimed, send(claimed), replace)

    def _claim(self, find: Find[Sent], replace: Replace[Sent]) -> Sent | None:
        now = self._clock.now()
        with self._unit_of_work() as tx:
            delivery = find(tx)
            if delivery is None or delivery.is_leased(now):
                return None
            claimed = delivery.claim(now)
            if not replace(tx, claimed, delivery.epoch):
                return None
            tx.commit()
        return claimed

    def _settle(self, claimed: Sent, result: DeliveryResult, replace: Replace[Sent]) -> Sent:
        settled = claimed.settle(result, self._clock.now(), self._ids.fraction())
        with self._unit_of_work() as tx:
            # A late settlement is fenced off: whoever has claimed it since then tells its state.
            if replace(tx, settled, claimed.epoch):
                tx.commit()
        return settled
