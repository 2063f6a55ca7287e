"""Rejected submissions in memory."""

import json
from datetime import datetime

from attrs import field, frozen

from leadtracker.domain.errors import QuarantinedLeadNotFound
from leadtracker.domain.model.intake.rejected_submission import (
    MAX_REJECTED,
    MAX_REJECTED_BYTES,
    MAX_REJECTED_PER_CLIENT,
    RejectedSubmission,
)
from leadtracker.domain.model.values.paging import Cursor
from leadtracker.domain.ports.intake.rejected_submissions import RejectedSubmissions
from tests.support.memory.store import Transaction


@frozen
class MemoryRejectedSubmissions(RejectedSubmissions):
    """An in-memory ``RejectedSubmissions``."""

    _transaction: Transaction
    _sizes: dict[str, int] = field(factory=dict, init=False)

    def is_full(self, client: str, since: datetime, digest: str) -> bool:
        stored = self._transaction.tables.rejected_submissions.values()
        recent = [one for one in stored if one.client == client and one.received_at >= since]
        return len(recent) >= MAX_REJECTED_PER_CLIENT or any(one.digest == digest for one in stored)

    def add(self, rejected: RejectedSubmission, since: datetime) -> bool:
        if self.is_full(rejected.client, since, rejected.digest):
            return False
        self._transaction.for_writing().rejected_submissions[rejected.id] = rejected
        size = 0
        for number, one in enumerate(self.page(limit=MAX_REJECTED + 1), 1):
            size += self._size(one)
            if number > MAX_REJECTED or size > MAX_REJECTED_BYTES:
                self.remove(one.id)
        return True

    def _size(self, rejected: RejectedSubmission) -> int:
        if rejected.id not in self._sizes:
            self._sizes[rejected.id] = len(json.dumps(rejected.fields))
        return self._sizes[rejected.id]

    def get(self, rejected_id: str) -> RejectedSubmission:
        rejected = self._transaction.tables.rejected_submissions.get(rejected_id)
        if rejected is None:
            raise QuarantinedLeadNotFound(rejected_id)
        return rejected

    def page(self, *, limit: int, after: Cursor | None = None) -> list[RejectedSubmission]:
        stored = self._transaction.tables.rejected_submissions.values()
        latest = sorted(stored, key=lambda one: (one.received_at, one.id), reverse=True)
        cursor = None if after is None else (after.at, after.id)
        return [one for one in latest if cursor is None or (one.received_at, one.id) < cursor][:limit]

    def count(self, *, limit: int) -> int:
        return min(limit, len(self._all()))

    def remove(self, rejected_id: str) -> None:
        self.get(rejected_id)
        del self._transaction.for_writing().rejected_submissions[rejected_id]

    def remove_of_form(self, form_id: str) -> None:
        for one in self._all():
            if one.form_id == form_id:
                self.remove(one.id)

    def purge(self, before: datetime) -> int:
        old = [one for one in self._all() if one.received_at < before]
        for one in old:
            self.remove(one.id)
        return len(old)

    def _all(self) -> list[RejectedSubmission]:
        return list(self._transaction.tables.rejected_submissions.values())
