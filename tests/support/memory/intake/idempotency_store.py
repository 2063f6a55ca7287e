"""Idempotency keys in memory."""

from collections.abc import Callable
from datetime import datetime

from attrs import evolve, frozen

from leadtracker.domain.model.intake.idempotency import KEY_LIFETIME, IdempotentRequest, RememberedCapture
from leadtracker.domain.model.leads.lead import Lead
from leadtracker.domain.ports.intake.idempotency_store import IdempotencyStore
from tests.support.memory.store import IdempotencyRecord, Transaction


@frozen
class MemoryIdempotencyStore(IdempotencyStore):
    """An in-memory ``IdempotencyStore``; see the port for its promises. All writers wait for each other."""

    _transaction: Transaction

    def claim(self, request: IdempotentRequest, now: datetime) -> RememberedCapture | None:
        idempotency_keys = self._transaction.for_writing().idempotency_keys
        known = idempotency_keys.get(request.digest)
        if known is not None and known.lead is not None and known.at > now - KEY_LIFETIME:
            return RememberedCapture(known.fingerprint, known.lead)
        idempotency_keys[request.digest] = IdempotencyRecord(request.fingerprint, now)
        return None

    def remember(self, request: IdempotentRequest, lead: Lead) -> None:
        idempotency_keys = self._transaction.for_writing().idempotency_keys
        idempotency_keys[request.digest] = evolve(idempotency_keys[request.digest], lead=lead)

    def erase(self, lead_id: str) -> None:
        self._keep(lambda record: record.lead is None or record.lead.id != lead_id)

    def purge(self, before: datetime) -> int:
        return self._keep(lambda record: record.at >= before)

    def _keep(self, is_kept: Callable[[IdempotencyRecord], bool]) -> int:
        tables = self._transaction.for_writing()
        kept = {digest: record for digest, record in tables.idempotency_keys.items() if is_kept(record)}
        purged = len(tables.idempotency_keys) - len(kept)
        tables.idempotency_keys = kept
        return purged
