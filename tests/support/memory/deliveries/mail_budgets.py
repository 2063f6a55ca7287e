"""The counts of mail budgets in memory."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.deliveries.delivery import DeliveryKind
from leadtracker.domain.ports.deliveries.mail_budgets import MailBudgets
from tests.support.memory.deliveries.delivery_repository import due_of_kind
from tests.support.memory.store import Transaction


@frozen
class MemoryMailBudgets(MailBudgets):
    """An in-memory ``MailBudgets``; see the port for its promises."""

    _transaction: Transaction

    def take(self, budget: str, window_start: datetime, limit: int) -> bool:
        known_window, number = self._transaction.tables.mail_budgets.get(budget, (window_start, 0))
        counted = number if known_window == window_start else 0
        if counted >= limit:
            return False
        self._transaction.for_writing().mail_budgets[budget] = (window_start, counted + 1)
        return True

    def postpone(
        self, now: datetime, until: datetime, kind: DeliveryKind, recipient_key: str | None = None
    ) -> None:
        due = due_of_kind(self._transaction.tables, now, kind, recipient_key)
        if due:
            postponed = {one.id: evolve(one, due_at=until) for one in due}
            self._transaction.for_writing().deliveries.update(postponed)
