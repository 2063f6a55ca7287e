"""Follow-ups in memory."""

from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.leads.follow_up import FollowUp
from leadtracker.domain.model.values.paging import Cursor, Page
from leadtracker.domain.model.values.timestamps import TimeRange
from leadtracker.domain.ports.leads.follow_up_repository import FollowUpRepository
from tests.support.memory.store import Transaction


@frozen
class MemoryFollowUpRepository(FollowUpRepository):
    """An in-memory ``FollowUpRepository``; see the port for its promises."""

    _transaction: Transaction

    def save(self, follow_up: FollowUp) -> None:
        follow_ups = self._transaction.for_writing().follow_ups
        stored = follow_ups.get(follow_up.id)
        reminded_at = follow_up.reminded_at if stored is None else stored.reminded_at
        follow_ups[follow_up.id] = evolve(follow_up, reminded_at=reminded_at)

    def find_open(self, lead_id: str) -> FollowUp | None:
        return next((one for one in self.of(lead_id) if one.done_at is None), None)

    def of(self, lead_id: str) -> list[FollowUp]:
        found = [one for one in self._transaction.tables.follow_ups.values() if one.lead_id == lead_id]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    def claim_unreminded(self, now: datetime, *, limit: int) -> list[FollowUp]:
        follow_ups = self._transaction.for_writing().follow_ups
        found = [
            evolve(one, reminded_at=now)
            for one in follow_ups.values()
            if one.done_at is None and one.reminded_at is None and one.due_at and one.due_at <= now
        ]
        claimed = sorted(found, key=_sort_key)[:limit]
        follow_ups.update({one.id: one for one in claimed})
        return claimed

    def remove(self, follow_up_id: str) -> None:
        self._transaction.for_writing().follow_ups.pop(follow_up_id, None)

    def erase(self, lead_id: str) -> None:
        for one in self.of(lead_id):
            self.remove(one.id)

    def open_page(self, due: TimeRange, *, limit: int, after: Cursor | None = None) -> Page[FollowUp]:
        found = [
            one
            for one in self._transaction.tables.follow_ups.values()
            if one.done_at is None and one.due_at is not None and due.contains(one.due_at)
        ]
        found.sort(key=_sort_key)
        return Page.cut(
            [one for one in found if after is None or _sort_key(one) > _cursor_key(after)],
            limit,
            lambda one: one.cursor,
        )

    def done_page(self, *, limit: int, after: Cursor | None = None) -> Page[FollowUp]:
        found = [one for one in self._transaction.tables.follow_ups.values() if one.done_at is not None]
        found.sort(key=_sort_key, reverse=True)
        return Page.cut(
            [one for one in found if after is None or _sort_key(one) < _cursor_key(after)],
            limit,
            lambda one: one.cursor,
        )


def _sort_key(follow_up: FollowUp) -> tuple[datetime, str]:
    return _cursor_key(follow_up.cursor)


def _cursor_key(cursor: Cursor) -> tuple[datetime, str]:
    return cursor.at, cursor.id
