"""Contract suite of ``DeliveryRepository``: its pages, and what erasing a lead leaves in them."""

from attrs import evolve

from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryState
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.contracts.deliveries.delivery_repository import add, replace
from tests.support.builders import make_delivery
from tests.support.clock import MICROSECOND, NOW


class DeliveryPagesContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store."""

    def test_pages_show_each_message_once(self, unit_of_work: UnitOfWorkFactory) -> None:
        deliveries = [make_delivery(f"m-{n}", created_at=NOW + (n // 2) * MICROSECOND) for n in range(7)]
        add(unit_of_work, *deliveries)
        seen, after = list[Delivery](), None
        with unit_of_work.read_only() as tx:
            for _ in range(9):
                page = tx.deliveries.page(None, limit=2, after=after)
                seen += page.items
                after = page.next
                if after is None:
                    break
        assert seen == deliveries[::-1]

    def test_page_is_filtered_by_state(self, unit_of_work: UnitOfWorkFactory) -> None:
        cancelled = make_delivery("m-2").cancelled()
        add(unit_of_work, make_delivery("m-1"), cancelled)
        with unit_of_work.read_only() as tx:
            assert tx.deliveries.page(DeliveryState.CANCELLED, limit=9).items == (cancelled,)
            assert tx.deliveries.page(DeliveryState.FAILED, limit=9).items == ()

    def test_erasing_lead_removes_messages(self, unit_of_work: UnitOfWorkFactory) -> None:
        about, other = make_delivery("m-1"), make_delivery("m-2", lead_id="lead-2")
        digest = make_delivery("m-3", lead_id=None)
        add(unit_of_work, about, other, digest)
        claimed = about.claim(NOW)
        replace(unit_of_work, claimed, 0)
        with unit_of_work() as tx:
            assert tx.deliveries.erase("lead-1") == [about.id]
            assert tx.deliveries.erase("lead-1") == []
            tx.commit()
        attempted = evolve(claimed, epoch=9)
        assert not replace(unit_of_work, attempted, claimed.epoch)
        with unit_of_work.read_only() as tx:
            assert tx.deliveries.page(None, limit=9).items == (digest, other)
