"""Contract suite of ``MailBudgets``."""

from datetime import timedelta

from leadtracker.domain.model.deliveries.delivery import Delivery, DeliveryKind
from leadtracker.domain.ports.unit_of_work import UnitOfWorkFactory
from tests.support.builders import make_delivery, make_event
from tests.support.clock import MICROSECOND, NOW
from tests.support.instruments.concurrency import run_in_threads

HOUR = timedelta(hours=1)
THREADS, LIMIT = 6, 10


def take(unit_of_work: UnitOfWorkFactory, budget: str = "a", hours: int = 0, limit: int = LIMIT) -> bool:
    """Count a mail in the window that begins after so many hours, and commit."""
    with unit_of_work() as tx:
        is_taken = tx.mail_budgets.take(budget, NOW + hours * HOUR, limit)
        tx.commit()
    return is_taken


class MailBudgetsContract:
    """Requires the fixture ``unit_of_work``: a factory on an empty store, to be used by many threads."""

    def test_budget_ends_at_its_limit(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert [take(unit_of_work, limit=3) for _ in range(5)] == [True, True, True, False, False]

    def test_each_window_begins_with_nothing_counted(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert [take(unit_of_work, hours=hours, limit=1) for hours in (0, 0, 1, 1, 5)] == [
            True,
            False,
            True,
            False,
            True,
        ]

    def test_budgets_are_independent(self, unit_of_work: UnitOfWorkFactory) -> None:
        assert [take(unit_of_work, budget, limit=1) for budget in ("a", "b", "a")] == [True, True, False]

    def test_uncommitted_mail_is_uncounted(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as tx:
            assert tx.mail_budgets.take("a", NOW, 1)
        assert take(unit_of_work, limit=1)

    def test_writers_at_once_count_exactly(self, unit_of_work: UnitOfWorkFactory) -> None:
        taken = run_in_threads(THREADS, lambda _: sum(take(unit_of_work) for _ in range(LIMIT)))
        assert sum(taken) == LIMIT

    def test_only_due_mails_of_the_kind_and_recipient_are_postponed(
        self, unit_of_work: UnitOfWorkFactory
    ) -> None:
        kind = DeliveryKind.NOTIFICATION
        deliveries = [
            make_delivery("due", kind=kind),
            make_delivery("later", kind=kind, due_at=NOW + MICROSECOND),
            make_delivery("other kind", kind=DeliveryKind.ACKNOWLEDGEMENT),
            make_delivery("other recipient", kind=kind, recipient_key="bob@example.com"),
            make_delivery("leased", kind=kind).claim(NOW),
            make_event("event"),
        ]
        expected = {one.id: one.due_at for one in deliveries} | {"due": NOW + HOUR}
        assert postpone(unit_of_work, deliveries, kind, make_delivery().recipient_key) == expected
        expected["other recipient"] = NOW + HOUR
        assert postpone(unit_of_work, [], kind, None) == expected


def postpone(
    unit_of_work: UnitOfWorkFactory, added: list[Delivery], kind: DeliveryKind, recipient_key: str | None
) -> dict[str, object]:
    """Add deliveries, postpone those of a kind by an hour, and return when each stored one is due."""
    with unit_of_work() as tx:
        tx.deliveries.add(added)
        tx.mail_budgets.postpone(NOW, NOW + HOUR, kind, recipient_key)
        tx.commit()
    with unit_of_work.read_only() as tx:
        return {one.id: one.due_at for one in tx.deliveries.page(None, limit=100).items}
