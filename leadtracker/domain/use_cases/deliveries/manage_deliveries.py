"""List deliveries and retry those that have not arrived."""

from collections.abc import Iterator

from attrs import frozen

from leadtracker.domain.errors import DeliveryNotFound, NotRetryable
from leadtracker.domain.model.accounts.access import Actor, Permission
from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryState
from leadtracker.domain.model.leads.queries.lead_query import MAX_PAGE_SIZE
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.ports.system import Clock
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory


@frozen(kw_only=True)
class ManageDeliveries:
    """List deliveries and make pending or failed ones due now."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    def page(
        self, actor: Actor, state: DeliveryState | None, *, limit: int, after: Cursor | None
    ) -> Page[Delivery]:
        """Return at most ``limit`` deliveries of a state, or of all, newest first, from the cursor on.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
        """
        actor.require(Permission.DELIVERY_MANAGE)
        with self._unit_of_work.read_only() as tx:
            return tx.deliveries.page(state, limit=limit, after=after)

    def retry(self, actor: Actor, delivery_id: str) -> Delivery:
        """Make a pending or failed delivery due now.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
            DeliveryNotFound: no delivery has this id.
            NotRetryable: the delivery was sent, is being sent, or was cancelled.
        """
        actor.require(Permission.DELIVERY_MANAGE)
        now = self._clock.now()
        with self._unit_of_work() as tx:
            delivery = tx.deliveries.get(delivery_id).with_expired_lease_closed(now)
            retried = delivery.retried(now)
            tx.deliveries.replace(retried, epoch=delivery.epoch)
            tx.commit()
        return retried

    def retry_failed(self, actor: Actor) -> int:
        """Make every failed delivery due now, and return their number.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
        """
        return sum(self._retry_each(actor, DeliveryState.FAILED))

    def retry_pending(self, actor: Actor) -> int:
        """Make every pending delivery that was attempted in vain due now, and return their number.

        Raises:
            PermissionDenied: the actor may not manage deliveries.
        """
        return sum(self._retry_each(actor, DeliveryState.PENDING))

    def _retry_each(self, actor: Actor, state: DeliveryState) -> Iterator[bool]:
        """Retry deliveries in a state, of pending ones those that were attempted.

        Yields:
            Whether that was possible: others may have sent a delivery since the list was read.
        """
        after = None
        while True:
            page = self.page(actor, state, limit=MAX_PAGE_SIZE, after=after)
            for delivery in page.items:
                if state is DeliveryState.FAILED or delivery.attempts:
                    yield self._retry_if_possible(actor, delivery.id)
            after = page.next
            if after is None:
                return

    def _retry_if_possible(self, actor: Actor, delivery_id: str) -> bool:
        try:
            self.retry(actor, delivery_id)
        except (DeliveryNotFound, NotRetryable):
            return False
        return True
